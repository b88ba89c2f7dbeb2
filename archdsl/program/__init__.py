"""What a program is while it is compiled: values, scopes, regions under construction. Must not elaborate or read files."""

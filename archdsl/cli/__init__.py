"""The command line: one file a verb, imported only when the verb is used. Must not compute; that is the floors' work below."""

"""What mistakes are called: from facts to diagnostics with places. Must not find mistakes."""

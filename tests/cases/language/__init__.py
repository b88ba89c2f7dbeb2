"""What a program means, sentence by sentence: tables of small programs with what they must give, computed by hand."""

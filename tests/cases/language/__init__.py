"""What a program means, sentence by sentence: tables of small programs with what they must give, worked out by hand."""

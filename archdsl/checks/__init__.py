"""What is looked at beside elaboration: circles, uncalled definitions, suspects, accepted sizes. Must not change a network."""

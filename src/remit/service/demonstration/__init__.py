"""The demonstration: a made-up area with one person for each role, set up through the services as its people would."""

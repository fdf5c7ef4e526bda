# Tests that run whole programs are added here.

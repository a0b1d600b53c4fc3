"""Great Expectations over the input layer, as asset checks."""

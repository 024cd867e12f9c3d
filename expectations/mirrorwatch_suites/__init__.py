"""Great Expectations suites, one file a dataset."""

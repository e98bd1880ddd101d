"""What conversations tell, read as text: measures of each, words that go with an outcome, what blocks visitors."""

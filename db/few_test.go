package db

// WithFewMatches returns a copy of the store with another limit for key sets.
func (s *Store) WithFewMatches(n int) *Store {
	other := *s
	other.fewMatches = n
	return &other
}

// Package store counts goods.
package store

// Shelf holds goods of one kind.
type Shelf struct {
	Kind  string
	count int
}

// Put adds goods to the shelf.
func (s *Shelf) Put(amount int) {
	s.count += amount
}

// New returns an empty shelf.
func New(kind string) *Shelf {
	return &Shelf{Kind: kind}
}

func double(amount int) int {
	return amount * 2
}

package store

// Tx is one transaction, made by DB.Write or DB.Read.
type Tx struct{}

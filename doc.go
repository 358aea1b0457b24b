// Minh Bạch is the system of record for the organisation work of a Vietnamese
// provincial Party Organisation Commission. The programs are cmd/minhbach and
// cmd/minhbach-verify; docs/architecture.md shows the house.
package minhbach

package vn

import "unicode/utf8"

// Longer says whether a text has more than so many characters, as people count
// them: a Vietnamese letter takes up to three bytes.
func Longer(text string, most int) bool { return utf8.RuneCountInString(text) > most }

package election

import rows "minhbach/internal/table"

// MaxUpload bounds an uploaded file, in bytes.
const MaxUpload = rows.MaxUpload

// Table is a file of rows as uploaded: the first line names the columns.
type Table struct{ rows.Table }

// Text turns uploaded bytes into UTF-8; see table.Text.
func Text(data []byte) (string, error) { return rows.Text(data) }

// ParseTable reads rows parted by comma, semicolon or tab; see table.Parse.
func ParseTable(data []byte) (*Table, error) {
	t, err := rows.Parse(data)
	if err != nil {
		return nil, err
	}
	return &Table{*t}, nil
}

func lineError(line int, vi, en string) error { return rows.AtLine(line, vi, en) }

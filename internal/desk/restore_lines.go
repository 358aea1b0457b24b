package desk

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// maxLine bounds a line of a backup: a file of 190 MB in base64.
const maxLine = 256 << 20

// backupLines reads a backup line by line.
type backupLines struct {
	in   *bufio.Reader
	head backupHead
	line int
}

func openBackup(r io.Reader, passphrase string) (*backupLines, error) {
	b := bufio.NewReader(r)
	if start, _ := b.Peek(21); string(start) == "age-encryption.org/v1" {
		if passphrase == "" {
			return nil, both("bản sao lưu được mã hóa: hãy cho mật khẩu hoặc khóa", "the backup is encrypted: give its passphrase or key")
		}
		id, err := identityOf(passphrase)
		if err != nil {
			return nil, err
		}
		open, err := age.Decrypt(b, id)
		if err != nil {
			return nil, both("mật khẩu hoặc khóa không mở được bản sao lưu này, hoặc phần đầu của nó bị hỏng: %v", "the passphrase or key does not open this backup, or its beginning is damaged: %v", err)
		}
		b = bufio.NewReader(open)
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, both("đây không phải bản sao lưu: %v", "this is not a backup: %v", err)
	}
	l := &backupLines{in: bufio.NewReaderSize(z, 1<<16)}
	if err := l.next(&l.head); err != nil {
		return nil, err
	}
	if l.head.Version != backupVersion && l.head.Version != backupWithKeys {
		return nil, both("đây không phải bản sao lưu mà chương trình này đọc được", "this is not a backup that this program reads")
	}
	return l, nil
}

// next reads one line into v.
func (l *backupLines) next(v any) error {
	l.line++
	var line []byte
	for {
		part, err := l.in.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			return both("dòng %d quá dài", "line %d is too long", l.line)
		}
		line = append(line, part...)
		if err == nil {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			if errors.Is(err, io.EOF) {
				err = both("bản sao lưu bị cắt", "the backup is cut off")
			}
			return fmt.Errorf("dòng (line) %d: %w", l.line, err)
		}
	}
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("dòng (line) %d: %w", l.line, err)
	}
	return nil
}

// ended wants nothing after the last line. The checksum over all that was read
// stands there, and for an encrypted backup the seal of its last part: tables
// outside the ledger have no other witness.
func (l *backupLines) ended() error {
	_, err := l.in.ReadByte()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return both("sau phần cuối của bản sao lưu còn có nội dung thừa", "there is more after the end of the backup")
	}
	return both("bản sao lưu bị cắt hoặc bị hỏng: %v", "the backup is cut off or damaged: %v", err)
}

func unpackRow(row []any) ([]any, error) {
	out := make([]any, len(row))
	for i, v := range row {
		switch x := v.(type) {
		case nil, string:
			out[i] = x
		case json.Number:
			n, err := x.Int64()
			if err != nil {
				return nil, both("%s không phải số nguyên", "%s is not a whole number", x)
			}
			out[i] = n
		case map[string]any:
			text, _ := x["bytes"].(string)
			b, err := base64.StdEncoding.DecodeString(text)
			if err != nil || len(x) != 1 {
				return nil, both("không đọc được chuỗi byte", "bytes that cannot be read")
			}
			out[i] = b
		default:
			return nil, both("giá trị kiểu %T", "a value of kind %T", v)
		}
	}
	return out, nil
}

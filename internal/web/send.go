package web

import "fmt"

// noteViews puts what was gathered to be shown into the read log: before the
// first byte of it is sent.
func (c *Call) noteViews() error {
	err := c.s.reads.add(c.Ctx(), c.viewed...)
	if err == nil {
		c.viewed = nil
	}
	return err
}

// file sends a file that the program made; how is "inline", shown in the
// browser, or "attachment", kept. Whom it shows stands in the read log first.
func (c *Call) file(content []byte, mime, how, name string) error {
	if err := c.noteViews(); err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", mime)
	h.Set("Content-Disposition", fmt.Sprintf(`%s; filename="%s"`, how, name))
	h.Set("Cache-Control", "private, no-store")
	_, err := c.W.Write(content)
	return err
}

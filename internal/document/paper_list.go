package document

import (
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/election"
)

func (w *writer) listVoted() error {
	it, r, err := w.round()
	if err != nil {
		return err
	}
	if r.List == nil {
		return desk.Refuse("Danh sách chưa được biểu quyết.", "The list was not voted yet.")
	}
	w.Type, w.Subject = "DANH SÁCH BẦU CỬ", []string{typed(election.ContestTitle(it, r).VI), typed(w.chain.Event.Title.VI)}
	w.part("", w.listHand(r))
	var rows [][]string
	for _, x := range r.OnBallot() {
		n := r.Find(x.ID)
		row := []string{fmt.Sprint(x.Order), typed(strings.TrimSpace(x.Name + " " + x.Apart)), typed(x.Born), ""}
		if n != nil {
			row[1] = typed(strings.TrimSpace(n.Show("vi") + " " + x.Apart))
			row[3] = election.OriginWords(string(n.Origin)).VI
		}
		rows = append(rows, row)
	}
	w.table("", "ung_cu", rows)
	w.part("", "Thứ tự trên là thứ tự trên phiếu bầu, xếp theo vần A, B, C của tên.")
	return nil
}

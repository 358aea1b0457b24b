package person

import (
	"slices"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// member plans the membership that a row tells.
func (p *planner) member(r *PlanRow, cell map[string]string) error {
	days := map[string]vn.Date{}
	said := cell["cell"] != ""
	for _, c := range []string{"since", "admitted", "sworn", "recognised"} {
		if cell[c] == "" {
			continue
		}
		said = true
		d, err := vn.ReadDay(cell[c])
		if err != nil {
			return desk.Wrong(c, "“"+titleOf(c).VI+"”: cần đủ ngày, tháng, năm như 23/5/2001, không phải “"+clip(cell[c])+"”.", "“"+titleOf(c).EN+"” needs a whole day like 23/5/2001.")
		}
		days[c] = d
	}
	if !said {
		return nil
	}
	if cell["cell"] == "" || days["since"].IsZero() || days["admitted"].IsZero() || days["sworn"].IsZero() {
		return desk.Wrong("cell", "Quá trình đảng viên cần đủ chi bộ, ngày quyết định kết nạp, ngày kết nạp và ngày về sinh hoạt tại chi bộ. Tệp chưa có đủ thì để trống các ô này: chỉ ghi nhân thân, quá trình đảng viên ghi sau.", "A membership needs the cell, the days of the decision and the ceremony, and since when the member is in the cell. Where the file lacks them leave these cells empty: the person is recorded, the membership later.")
	}
	ids := p.cells[vn.Fold(cell["cell"])]
	if len(ids) != 1 {
		if len(ids) > 1 {
			return desk.Wrong("cell", "Có nhiều tổ chức tên này; hãy ghi mã.", "Several organisations have this name; write the id.")
		}
		return desk.Wrong("cell", "Không có chi bộ “"+clip(cell["cell"])+"” trong tổ chức giữ hồ sơ.", "There is no cell “"+clip(cell["cell"])+"” below the organisation that keeps the files.")
	}
	step := TakeStep{Person: r.Row.Person, Org: ids[0], Step: Transcribed, From: days["since"], Admitted: days["admitted"], Sworn: days["sworn"], Recognised: days["recognised"]}
	have, err := p.look.stepsOf(p.ctx, p.scene.Tx, r.Row.Person)
	if err != nil {
		return err
	}
	for _, f := range have {
		if f.Step == Transcribed && !f.Withdrawn && f.Org == step.Org && f.From == step.From && f.Admitted == step.Admitted && f.Sworn == step.Sworn && f.Recognised == step.Recognised {
			return nil
		}
	}
	if slices.ContainsFunc(have, func(f StepFact) bool { return !f.Withdrawn && f.Step != Staffed && f.Step != StaffEnd }) {
		return desk.Refuse("Quá trình đảng viên đã ghi khác với tệp; hãy đính chính ở trang của người này.", "The recorded membership differs from the file; correct it on the person's page.")
	}
	f, err := step.check(p.ctx, p.scene, p.look, p.scene.Head+1)
	if err != nil {
		return err
	}
	if in, err := p.look.within(p.ctx, p.scene.Tx, step.Org, p.home, step.From); err != nil {
		return err
	} else if !in {
		return desk.Wrong("since", "Vào ngày về chi bộ, chi bộ này chưa thuộc tổ chức giữ hồ sơ.", "On that day the cell was not below the organisation that keeps the files.")
	}
	if _, problem := life(append(have, f)); problem != nil {
		return problem.refusal()
	}
	if _, err := step.ask(p.ctx, p.scene, have); err != nil {
		return err
	}
	r.Row.Step = &step
	for _, c := range []string{"cell", "since", "admitted", "sworn", "recognised"} {
		if cell[c] != "" {
			r.Cells = append(r.Cells, CellChange{c, "", cell[c]})
		}
	}
	if r.Outcome == RowSame {
		r.Outcome = RowChanged
	}
	return nil
}

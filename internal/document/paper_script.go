package document

import (
	"fmt"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/election"
)

// script is what the chair reads, with the figures that stand now and dots
// where they do not stand yet.
func (w *writer) script() error {
	w.Type, w.Subject = "KỊCH BẢN ĐIỀU HÀNH", []string{typed(w.chain.Event.Title.VI)}
	if len(w.chain.Items) == 0 {
		return desk.Refuse("Sự kiện chưa có chương trình bầu cử.", "The event has no programme yet.")
	}
	const dots = "........"
	open := w.part("I. Khai mạc, thẩm tra tư cách")
	for _, m := range w.meetings() {
		s := typed(m.Title.VI) + ", ngày " + m.Date.Vietnamese() + ". Kính thưa đại hội, "
		if x := m.Voting(); x != nil && len(x.Marks) > 0 {
			s += fmt.Sprintf("số được triệu tập là %s, có mặt %s, vắng mặt %s.", place(w.meet(m, "summoned")), place(w.meet(m, "present")), place(w.meet(m, "absent")))
		} else {
			s += fmt.Sprintf("số được triệu tập là %s, có mặt %s, vắng mặt %s.", place(w.meet(m, "summoned")), dots, dots)
		}
		open.Text = append(open.Text, s)
	}
	open.Text = append(open.Text, "Giới thiệu đoàn chủ tịch, thư ký, ban thẩm tra tư cách; xin đại hội biểu quyết. Tán thành: "+dots+"; không tán thành: "+dots+"; ý kiến khác: "+dots+".")
	for i, it := range w.chain.Items {
		if it.State == election.StateOff || it.State == election.StateSkipped {
			continue
		}
		part := w.part(fmt.Sprintf("II.%d. %s", i+1, typed(it.Title.VI)))
		say := func(s string) { part.Text = append(part.Text, s) }
		r := it.Now()
		switch {
		case r != nil && r.Row != nil:
			say("Nội dung này đã kiểm phiếu xong. Mời trưởng ban kiểm phiếu công bố biên bản.")
			continue
		case r != nil && r.List != nil:
			say(w.listHand(r))
			say("Danh sách, theo thứ tự trên phiếu:")
			for _, x := range r.OnBallot() {
				name := x.Name
				if n := r.Find(x.ID); n != nil {
					name = n.Show("vi")
				}
				say(fmt.Sprintf("%d. %s", x.Order, typed(strings.TrimSpace(name+" "+x.Apart))))
			}
		default:
			say("Biểu quyết số lượng: tán thành " + dots + "; không tán thành " + dots + "; ý kiến khác " + dots + ".")
			say("Mời đề cử, ứng cử; xét các trường hợp xin rút; chốt danh sách gồm " + dots + " người. Biểu quyết danh sách: tán thành " + dots + "; không tán thành " + dots + "; ý kiến khác " + dots + ".")
		}
		say("Mời ban kiểm phiếu kiểm tra, niêm phong hòm phiếu trước đại hội; hướng dẫn cách bầu; phát phiếu. Số phiếu phát ra: " + dots + "; thu về: " + dots + ".")
		say("Tạm nghỉ để kiểm phiếu. Mời trưởng ban kiểm phiếu báo cáo kết quả; đoàn chủ tịch kết luận.")
	}
	w.part("III. Bế mạc", "Thông qua biên bản bầu cử; niêm phong phiếu, bàn giao; chào cờ, bế mạc.")
	return nil
}

package document

import (
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// causeWords name the causes of invalid ballots that the regulations know.
var causeWords = map[string]rule.Words{
	"not-prescribed": {VI: "không theo mẫu do tổ bầu cử phát ra", EN: "not of the form issued by the polling team"},
	"no-seal":        {VI: "không có dấu", EN: "without the seal"},
	"too-many":       {VI: "để số người quá số được bầu", EN: "more names left than seats"},
	"all-struck":     {VI: "gạch xóa hết tên", EN: "all names struck"},
	"added":          {VI: "ghi thêm tên hoặc nội dung khác", EN: "a name or other content added"},
	"outside-name":   {VI: "ghi tên ngoài danh sách bầu cử", EN: "a name outside the list was written"},
	"writing":        {VI: "có ký tên hoặc viết thêm", EN: "signed or written on"},
	"marked":         {VI: "đánh dấu, dùng nhiều loại mực", EN: "marked, or several inks"},
	"both-boxes":     {VI: "đánh cả hai ô", EN: "both boxes marked"},
	"no-box":         {VI: "không đánh ô nào", EN: "no box marked"},
	"none-agreed":    {VI: "không đồng ý với người nào", EN: "nobody agreed to"},
	"none-chosen":    {VI: "gạch hết hoặc không chọn ai", EN: "nobody chosen"},
	"not-issued":     {VI: "không phải phiếu do ban kiểm phiếu phát ra", EN: "not a ballot issued by the counting board"},
}

// reasonWords name the reasons that take persons off the base.
var reasonWords = map[string]rule.Words{
	"convening-member-absent-throughout": {VI: "Cấp ủy viên triệu tập đại hội vắng mặt suốt thời gian đại hội", EN: "Member of the convening committee, absent throughout"},
	"delegate-absent-without-alternate":  {VI: "Đại biểu vắng mặt suốt thời gian đại hội, không có đại biểu dự khuyết thay", EN: "Delegate absent throughout, no alternate"},
	"absent-throughout-with-reason":      {VI: "Vắng mặt suốt thời gian đại hội, có lý do được chấp nhận", EN: "Absent throughout, reason accepted"},
	"temporary-activity-elsewhere":       {VI: "Sinh hoạt đảng tạm thời ở nơi khác", EN: "Temporarily active elsewhere"},
	"exempt-absent":                      {VI: "Được miễn công tác và sinh hoạt đảng, không dự", EN: "Exempted from work and meetings, not present"},
	"suspended-charged-or-detained":      {VI: "Bị đình chỉ sinh hoạt, khởi tố, truy tố hoặc tạm giam", EN: "Suspended, charged, prosecuted or detained"},
}

// CauseOf is the cause whose id or words, in either language, are text; the
// text itself where there is none.
func CauseOf(text string) string {
	for id, w := range causeWords {
		if text == id || vn.Fold(text) == vn.Fold(w.VI) || vn.Fold(text) == vn.Fold(w.EN) {
			return id
		}
	}
	return text
}

package paper

// Status of a reading.
const (
	StatusRead     = "read"     // every name is decided
	StatusDoubtful = "doubtful" // a person must look at something
	StatusRefused  = "refused"  // nothing was read; Reason says why
)

// Reason is why a whole page is refused, in plain words, or what a person must
// look at beside the names.
type Reason struct {
	Code   string
	VI, EN string
}

func (r *Reason) String() string {
	if r == nil {
		return ""
	}
	return r.VI
}

// Reasons of refusal and of doubt over a whole side.
var (
	ReasonNotBallot   = &Reason{"not-a-ballot", "Không phải tờ phiếu, hoặc không nhận ra mặt nào của phiếu: xem tờ giấy.", "Not a ballot, or no side of it is recognised: look at the paper."}
	ReasonOther       = &Reason{"other-contest", "Phiếu của cuộc bầu khác hoặc mẫu phiếu khác: tên in trên phiếu không phải danh sách này.", "A ballot of another contest or of another edition: the printed names are not this list."}
	ReasonCut         = &Reason{"cut-off", "Ảnh quét mất một phần phiếu: đặt lại tờ phiếu cho trọn rồi quét lại.", "Part of the ballot is cut off: place the whole sheet and scan again."}
	ReasonDark        = &Reason{"dark", "Ảnh quá tối: tăng độ sáng máy quét rồi quét lại.", "The picture is too dark: raise the brightness and scan again."}
	ReasonBlank       = &Reason{"blank", "Trang trắng hoặc gần như trắng: mặt sau tờ phiếu, hoặc tờ giấy khác.", "An empty page: the back of a ballot, or other paper."}
	ReasonStreaked    = &Reason{"streaked", "Có vệt dài qua tên người: lau kính máy quét rồi quét lại.", "A long streak runs over names: clean the glass and scan again."}
	ReasonFolded      = &Reason{"folded", "Phiếu gấp hoặc che khuất tên người: vuốt phẳng rồi quét lại.", "The ballot is folded or covered over a name: flatten it and scan again."}
	ReasonUnsharp     = &Reason{"unsharp", "Ảnh không đủ rõ để tìm đúng từng tên: quét lại ở 200 hoặc 300 dpi.", "The picture is not clear enough to find each name: scan again at 200 or 300 dpi."}
	ReasonPale        = &Reason{"pale-pen", "Ảnh đen trắng đã làm mất nét bút nhạt (bút chì): quét lại tờ này ở chế độ xám hoặc màu.", "A black-and-white picture has lost a pale pen (pencil): scan this sheet again in grey or colour."}
	ReasonUnmarked    = &Reason{"unmarked-black-white", "Ảnh đen trắng không cho thấy dấu nào trên mặt này: có thể phiếu để nguyên, cũng có thể nét bút chì đã mất khi quét. Quét lại ở chế độ xám hoặc màu, hoặc xem tờ giấy.", "The black-and-white picture shows no mark at all on this side: perhaps nothing was marked, perhaps a pencil was lost in scanning. Scan again in grey or colour, or look at the paper."}
	ReasonSideMissing = &Reason{"side-missing", "Thiếu một mặt của phiếu hai mặt: quét lại tờ này đủ hai mặt.", "One side of a two-sided ballot is missing: scan both sides of the sheet again."}
	ReasonTwice       = &Reason{"same-picture", "Ảnh này trùng hệt một ảnh đã đọc: mỗi tờ phiếu chỉ quét một lần.", "The very same picture was read before: scan each ballot once."}
	ReasonWriting     = &Reason{"writing", "Có chữ hoặc dấu viết ngoài chỗ bầu: ban kiểm phiếu xem.", "Writing outside the places to vote: the counting board must look."}
	ReasonTooSmall    = &Reason{"too-coarse", "Ảnh quá thô (dưới 120 dpi): quét lại ở 200 hoặc 300 dpi.", "The picture is too coarse (under 120 dpi): scan again at 200 or 300 dpi."}
)

package document

import (
	"minhbach/internal/ballotbox"
	"minhbach/internal/paper"
	"minhbach/internal/rule"
)

// sheetWhy name, in few words, why a person had to look at a scanned sheet: by
// the code of the reader's reason.
var sheetWhy = map[string]rule.Words{
	"":                           {VI: "người kiểm phiếu tự xem lại", EN: "looked at unasked"},
	paper.ReasonNames.Code:       {VI: "dấu ở tên chưa rõ", EN: "marks at names not clear"},
	paper.ReasonWriting.Code:     {VI: "có chữ hoặc dấu ngoài chỗ bầu", EN: "writing outside the places to vote"},
	paper.ReasonNotBallot.Code:   {VI: "không nhận ra là phiếu", EN: "not recognised as a ballot"},
	paper.ReasonOther.Code:       {VI: "phiếu của nội dung bầu khác", EN: "a ballot of another contest"},
	paper.ReasonEdition.Code:     {VI: "phiếu của bản in khác", EN: "a ballot of another edition"},
	paper.ReasonCut.Code:         {VI: "ảnh mất một phần phiếu", EN: "part of the ballot cut off"},
	paper.ReasonDark.Code:        {VI: "ảnh quá tối", EN: "picture too dark"},
	paper.ReasonBlank.Code:       {VI: "trang trắng", EN: "empty page"},
	paper.ReasonStreaked.Code:    {VI: "vệt dài qua tên", EN: "a streak over names"},
	paper.ReasonFolded.Code:      {VI: "gấp hoặc che khuất tên", EN: "folded or covered over a name"},
	paper.ReasonUnsharp.Code:     {VI: "ảnh không đủ rõ", EN: "picture not clear enough"},
	paper.ReasonPale.Code:        {VI: "ảnh đen trắng mất nét bút nhạt", EN: "black and white lost a pale pen"},
	paper.ReasonUnmarked.Code:    {VI: "ảnh đen trắng không thấy dấu nào", EN: "black and white shows no mark"},
	paper.ReasonSideMissing.Code: {VI: "thiếu một mặt", EN: "one side missing"},
	paper.ReasonTwice.Code:       {VI: "ảnh trùng", EN: "the same picture twice"},
	paper.ReasonTooSmall.Code:    {VI: "ảnh quá thô", EN: "picture too coarse"},
}

// markWhy name what stood at an unclear name.
var markWhy = map[string]rule.Words{
	paper.LookPartial:    {VI: "nét chỉ qua một phần tên", EN: "a line through part of a name"},
	paper.LookAside:      {VI: "nét ở trên, dưới hoặc bên cạnh tên", EN: "ink above, below or beside a name"},
	paper.LookCorrection: {VI: "gạch rồi có nét sửa", EN: "a line and more ink with it"},
	paper.LookFaint:      {VI: "nét rất mờ", EN: "hardly visible"},
	paper.LookSmall:      {VI: "chấm hoặc nét ngắn", EN: "a dot or a short stroke"},
	paper.LookCovered:    {VI: "dấu, vết bẩn hoặc nếp gấp che tên", EN: "a seal, stain or fold over a name"},
	paper.LookUnsure:     {VI: "không tìm được đúng chỗ tên", EN: "the place was not found well enough"},
}

// sheetSays name what a person said of a sheet.
var sheetSays = map[string]rule.Words{
	ballotbox.SheetRead:     {VI: "xem ảnh, nhập lại phiếu", EN: "looked at and keyed"},
	ballotbox.SheetDoubtful: {VI: "phiếu nghi vấn, để Ban kiểm phiếu quyết định", EN: "doubtful, put to the board"},
	ballotbox.SheetPart:     {VI: "ảnh thứ hai của một phiếu đã tính (mặt kia, hoặc quét lại)", EN: "a further picture of a ballot counted by another (its other side, or scanned again)"},
	ballotbox.SheetAside:    {VI: "không phải phiếu của tập, để riêng", EN: "no ballot of the pile, laid aside"},
}

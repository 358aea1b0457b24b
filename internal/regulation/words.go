package regulation

import (
	"regexp"
	"strings"

	"minhbach/internal/rule"
)

// said pairs what the readers of rule files say with Vietnamese words; $1, $2
// are the parts in brackets.
var said = []struct {
	re *regexp.Regexp
	vi string
}{
	{regexp.MustCompile(`^field (\S+) not found in type \S+`), `không có mục nào tên là "$1" ở chỗ này`},
	{regexp.MustCompile(`^(\S+) is a decimal number; write a fraction such as \[3, 10\]`), `"$1" là số thập phân; hãy viết phân số, ví dụ [3, 10]`},
	{regexp.MustCompile(`^a fraction is \[whole number, positive whole number\]`), `phân số viết dạng [số nguyên, số nguyên dương]`},
	{regexp.MustCompile(`^a value is a whole number or a fraction \[a, b\]`), `giá trị là số nguyên hoặc phân số [a, b]`},
	{regexp.MustCompile(`^vn: "(.*)" is not a date of the form YYYY-MM-DD`), `"$1" không phải ngày viết dạng NĂM-THÁNG-NGÀY, ví dụ 2026-03-01`},
	{regexp.MustCompile(`^anchors and aliases are not used here`), `không dùng neo (&) và bí danh (*) trong tệp quy định`},
	{regexp.MustCompile(`^nested too deep`), `lồng nhau quá sâu`},
	{regexp.MustCompile(`^mapping values are not allowed in this context`), `sai cú pháp: thừa dấu hai chấm hoặc thiếu dấu nháy ở dòng này hay dòng trên`},
	{regexp.MustCompile(`^found character that cannot start any token`), `sai cú pháp: có ký tự không được phép, thường là dấu tab; hãy thụt dòng bằng dấu cách`},
	{regexp.MustCompile(`^found unexpected end of stream`), `sai cú pháp: thiếu dấu nháy đóng`},
	{regexp.MustCompile(`^could not find expected ':'`), `sai cú pháp: thiếu dấu hai chấm`},
	{regexp.MustCompile(`^did not find expected key`), `sai cú pháp: thụt dòng không thẳng hàng với các mục trước`},
	{regexp.MustCompile(`^did not find expected .*`), `sai cú pháp: thiếu dấu phẩy hoặc dấu ngoặc`},
	{regexp.MustCompile("^cannot construct !!\\w+ `(.*)` into .*"), `"$1" không phải loại giá trị cần ở đây`},
	{regexp.MustCompile(`^cannot construct !!\w+ into .*`), `giá trị ở đây không đúng loại`},
	{regexp.MustCompile(`^mapping key "?(.*?)"? already defined.*`), `mục "$1" viết hai lần`},
	{regexp.MustCompile(`^one file holds one edition`), `mỗi tệp chỉ chứa một bản`},
	{regexp.MustCompile(`^document number, document date, edition and valid\.from are required`), `thiếu số văn bản, ngày văn bản, mã bản (edition) hoặc ngày bắt đầu (valid.from)`},
	{regexp.MustCompile(`^valid\.to lies before valid\.from`), `ngày kết thúc (valid.to) trước ngày bắt đầu (valid.from)`},
	{regexp.MustCompile(`^document\.title\.vi is required`), `thiếu tên văn bản (document.title.vi)`},
	{regexp.MustCompile(`^(?:parameter|policy|rule|contest) "?(\S*?)"?: the id has other characters than it may`), `mã "$1" có ký tự không được phép`},
	{regexp.MustCompile(`^(?:parameter|policy|rule) (\S+) stands twice`), `mã $1 viết hai lần`},
	{regexp.MustCompile(`^(?:parameter|policy|rule) (\S+): article and title \(vi, en\) are required`), `$1: thiếu điều khoản (article) hoặc tên (title, cả vi và en)`},
	{regexp.MustCompile(`^(?:parameter|policy|rule) (\S+): readings belong to unverified items only`), `$1: chỉ mục chưa xác nhận (unverified) mới có các cách hiểu (readings)`},
	{regexp.MustCompile(`^(?:parameter|policy|rule) (\S+): an unverified item lists its other possible readings`), `$1: mục chưa xác nhận phải liệt kê các cách hiểu khác (readings)`},
	{regexp.MustCompile(`^(?:parameter|policy|rule) (\S+): evidence is confirmed, reported or unverified`), `$1: độ chắc chắn (evidence) là confirmed, reported hoặc unverified`},
	{regexp.MustCompile(`^(?:parameter|policy|rule) (\S+): source is required`), `$1: thiếu nguồn (source)`},
	{regexp.MustCompile(`^(?:parameter|policy|rule) (\S+): reading "(.*)" needs an id of its own.*`), `$1: cách hiểu "$2" cần mã riêng, lời (says, cả vi và en) và giá trị khác`},
	{regexp.MustCompile(`^parameter (\S+): type "(.*)" is not known`), `$1: loại "$2" không có; dùng count, fraction, days, working-days, months hoặc years`},
	{regexp.MustCompile(`^parameter (\S+): value (\S+) does not fit type (\S+)`), `$1: giá trị $2 không hợp với loại $3`},
	{regexp.MustCompile(`^policy (\S+) chooses nothing`), `$1: thiếu lựa chọn (choose)`},
	{regexp.MustCompile(`^policy (\S+): says \(vi, en\) is required`), `$1: thiếu lời (says, cả vi và en)`},
	{regexp.MustCompile(`^rule (\S+): severity is block or warn`), `$1: mức độ (severity) là block hoặc warn`},
	{regexp.MustCompile(`^rule (\S+): a ballot rule names its cause`), `$1: quy tắc về phiếu phải nêu lý do (cause)`},
	{regexp.MustCompile(`^rule (\S+): role "(.*)" is not known`), `$1: vai trò (role) "$2" không có`},
	{regexp.MustCompile(`^rule (\S+): the expression is empty or too long`), `$1: biểu thức (expr) trống hoặc quá dài`},
	{regexp.MustCompile(`^rule (\S+): holds and fails need words in vi and en`), `$1: thiếu lời khi đạt (holds) hoặc không đạt (fails), cả vi và en`},
	{regexp.MustCompile(`^contest "(.*)": id and title \(vi, en\) are required`), `loại cuộc bầu "$1": thiếu mã hoặc tên (vi, en)`},
	{regexp.MustCompile(`^example (\d+) "(.*)": give either.*`), `ví dụ $1 "$2": ghi rule, inputs và holds, hoặc contest và want`},
	{regexp.MustCompile(`^rule (\S+?)(?:, reading (\S+))?: ERROR: <input>:\d+:(\d+): undeclared reference to '(.*?)'(?: \(in container ''\))?`), `$1: biểu thức dùng tên "$4" không có trong danh mục số liệu và tham số`},
	{regexp.MustCompile(`^rule (\S+?)(?:, reading \S+)?: ERROR: <input>:\d+:(\d+): (.*)`), `$1: biểu thức sai ở ký tự $2 ($3)`},
	{regexp.MustCompile(`^rule (\S+?)(?:, reading \S+)?: the expression gives (\S+), not yes or no`), `$1: biểu thức cho ra $2, không phải đúng hay sai`},
	{regexp.MustCompile(`^rule (\S+?)(?:, reading \S+)?: the expression may cost (\d+), more than (\d+)`), `$1: biểu thức quá dài`},
	{regexp.MustCompile(`^parameter (\S+) has the name of an input`), `tham số $1 trùng tên một số liệu; hãy đặt tên khác`},
	{regexp.MustCompile(`^parameter (\S+) is a (\S+) there and a (\S+) here`), `tham số $1 ở văn bản gốc là loại $2, ở đây là loại $3`},
	{regexp.MustCompile(`^it stands over (.*), which is not here`), `tệp đứng trên $1 (override) nhưng văn bản đó không có trong thư viện`},
	{regexp.MustCompile(`^it replaces (.*), which is not here`), `tệp thay $1 (replaces) nhưng văn bản đó không có trong thư viện`},
	{regexp.MustCompile(`^(\S+) and (\S+) are both edition (.*)`), `trùng bản đã có: $3`},
	{regexp.MustCompile(`^contest (\S+): (?:rule: )?there is no rule (\S+) on (\S+)`), `loại cuộc bầu $1 dùng quy tắc $2, không bản nào ngày $3 có`},
	{regexp.MustCompile(`^contest (\S+): (?:rule: )?contest \S+: there is no policy (\S+)`), `loại cuộc bầu $1 dùng cách xử lý $2 không có trong tệp`},
	{regexp.MustCompile(`^(?:contest \S+: )?(?:rule: )?both (\S+) and (\S+) bind (\S+) on (\S+)`), `cả $1 và $2 cùng quy định $3 ngày $4`},
	{regexp.MustCompile(`^(?:contest \S+: )?(?:rule: )?no edition binds (\S+) on (\S+?);.*`), `không bản nào quy định $1 ngày $2`},
	{regexp.MustCompile(`^(?:contest \S+: )?(?:rule: )?(\S+) stands in both (\S+) and (\S+)`), `$1 có ở cả $2 và $3`},
	{regexp.MustCompile(`^(?:contest \S+: )?(?:rule: )?there is no rule (\S+) on (\S+)`), `không bản nào ngày $2 có quy tắc $1`},
	{regexp.MustCompile(`^(?:contest \S+: )?(?:rule: )?(\S+) uses parameter (\S+), which no edition of the day has`), `$1 dùng tham số $2 mà không bản nào của ngày đó có`},
	{regexp.MustCompile(`^(\S+): holds is (true|false), the example says (true|false)$`), `quy tắc $1 cho ra $2, ví dụ ghi $3`},
	{regexp.MustCompile(`^the example does not give \[(.*)\]`), `ví dụ chưa cho số liệu: $1`},
	{regexp.MustCompile(`^rule: no input is called "(.*)"`), `không có số liệu nào tên là "$1"`},
	{regexp.MustCompile(`^(\S+) is (.*), the example says (.*)$`), `$1 là $2, ví dụ ghi $3`},
	{regexp.MustCompile(`^(\S+) is not there, the example says (.*)$`), `không có $1, ví dụ ghi $2`},
}

// translate gives a reader's sentence in both languages. What has no words of
// its own is shown as the reader said it, after a Vietnamese lead.
func translate(s string) rule.Words {
	s = strings.TrimSpace(strings.ToValidUTF8(s, "?")) // readers cut what they quote
	en := s
	if i := strings.IndexByte(en, '\n'); i > 0 {
		en = en[:i]
	}
	if len(en) > 400 {
		en = strings.ToValidUTF8(en[:400], "") + "…"
	}
	for _, p := range said {
		if m := p.re.FindStringSubmatchIndex(en); m != nil {
			return rule.Words{VI: string(p.re.ExpandString(nil, p.vi, en, m)), EN: en}
		}
	}
	return rule.Words{VI: "không đọc được: " + en, EN: en}
}

package election

import "minhbach/internal/rule"

var stateWords = map[State]rule.Words{
	StateOff:      {VI: "Không bầu", EN: "Not elected here"},
	StateSkipped:  {VI: "Đã bỏ qua", EN: "Left out"},
	StateWaits:    {VI: "Chờ nội dung trước", EN: "Waits for what comes before"},
	StateReady:    {VI: "Chưa lập danh sách", EN: "No list yet"},
	StateList:     {VI: "Đang lập danh sách", EN: "The list is being made"},
	StateVoted:    {VI: "Đã biểu quyết danh sách", EN: "The list is voted"},
	StateCounting: {VI: "Đang bỏ phiếu, kiểm phiếu", EN: "Voting and counting"},
	StateRefused:  {VI: "Số liệu mâu thuẫn", EN: "Figures contradict each other"},
	StateOpen:     {VI: "Chờ quyết định cách hiểu", EN: "A reading must be decided"},
	StateInvalid:  {VI: "Cuộc bầu không có giá trị", EN: "The election does not count"},
	StatePaused:   {VI: "Tạm dừng, chờ cấp trên", EN: "Paused, waiting for the upper level"},
	StateTied:     {VI: "Bằng phiếu ở người cuối cùng", EN: "Tied at the last seat"},
	StateShort:    {VI: "Bầu chưa đủ số lượng", EN: "Seats left empty"},
	StateDone:     {VI: "Đã xong", EN: "Done"},
}

// StateWords says a state in words.
func StateWords(s State) rule.Words { return stateWords[s] }

var originWords = map[string]rule.Words{
	"official":  {VI: "Đề cử chính thức", EN: "Official list"},
	"standing":  {VI: "Ứng cử", EN: "Stands"},
	"nominated": {VI: "Được đề cử", EN: "Nominated"},
}

// OriginWords says how a name came to a list.
func OriginWords(origin string) rule.Words { return originWords[origin] }

var moveWords = map[Move]rule.Words{
	MoveAccept:   {VI: "Nhận đề cử", EN: "Accepts"},
	MoveDecline:  {VI: "Không nhận đề cử", EN: "Declines"},
	MoveFile:     {VI: "Đã ghi hồ sơ", EN: "File recorded"},
	MoveSupport:  {VI: "Đã ghi số người ủng hộ", EN: "Support recorded"},
	MoveAskOut:   {VI: "Xin rút", EN: "Asks to withdraw"},
	MoveOut:      {VI: "Được rút", EN: "Withdrawn"},
	MoveKeep:     {VI: "Không cho rút", EN: "Withdrawal refused"},
	MoveStrike:   {VI: "Bị đưa ra khỏi danh sách", EN: "Struck from the list"},
	MovePollOut:  {VI: "Không vào danh sách theo phiếu xin ý kiến", EN: "Left by the opinion poll"},
	MoveUnlisted: {VI: "Ghi nhầm, đã bỏ", EN: "Entered by mistake, taken off"},
}

// MoveWords says what happened to a person on a list.
func MoveWords(m Move) rule.Words { return moveWords[m] }

var planWords = map[string]rule.Words{
	PlanSecretary: {VI: "dự kiến bí thư", EN: "planned as secretary"},
	PlanDeputy:    {VI: "dự kiến phó bí thư", EN: "planned as deputy secretary"},
	PlanChair:     {VI: "dự kiến chủ nhiệm ủy ban kiểm tra", EN: "planned as inspection chair"},
}

// PlanWords says what post the approved scheme plans a person for.
func PlanWords(plan string) rule.Words { return planWords[plan] }

var roundWords = map[string]rule.Words{
	RoundFirst:   {VI: "Lần bầu thứ nhất", EN: "First round"},
	RoundFurther: {VI: "Bầu tiếp", EN: "Further round"},
	RoundRevote:  {VI: "Bầu lại giữa những người bằng phiếu", EN: "Vote among the tied"},
	RoundPoll:    {VI: "Lấy phiếu xin ý kiến về danh sách", EN: "Opinion poll on the list"},
}

// RoundWords says what kind of round it is.
func RoundWords(kind string) rule.Words { return roundWords[kind] }

var choiceWords = map[string]rule.Words{
	ChooseFurther: {VI: "Bầu tiếp cho số ghế còn thiếu", EN: "Vote again for the empty seats"},
	ChooseRevote:  {VI: "Bầu lại giữa những người bằng phiếu", EN: "Vote among the tied"},
	ChooseStop:    {VI: "Không bầu tiếp", EN: "Vote no further"},
	ChooseSkip:    {VI: "Bỏ qua nội dung này", EN: "Leave this item out"},
	ChooseGoOn:    {VI: "Cấp trên cho ý kiến tiếp tục", EN: "The upper level lets it go on"},
	ChooseName:    {VI: "Cấp trên chỉ định", EN: "The upper level designates"},
}

// ChoiceWords says what was decided.
func ChoiceWords(choice string) rule.Words { return choiceWords[choice] }

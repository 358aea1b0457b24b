package account

import "minhbach/internal/desk"

// Role is a set of rights. Bound roles are held for one contest, until a day.
type Role struct {
	Code   string
	VI, EN string
	Bound  bool
	Rights []desk.Right
}

// roles is the whole of who may do what. An administrator reads no personal
// content and no contest; whoever reads personal content opens no accounts
// (see incompatible).
var roles = []Role{
	{Code: "head", VI: "Lãnh đạo Ban", EN: "Head of the Commission", Rights: []desk.Right{
		desk.ReadRecord, desk.ReadPerson, desk.ReadSecret, desk.CheckLedger, desk.ExportBundle, desk.EraseBlock, desk.ReadProcedure, desk.CloseFigures,
	}},
	{Code: "officer", VI: "Cán bộ tổ chức", EN: "Organisation officer", Rights: []desk.Right{
		desk.ReadRecord, desk.ReadPerson, desk.EditOrg, desk.EditPerson,
		desk.RecordContest, desk.CorrectContest, desk.AnnounceContest, desk.MakeMinutes, desk.ExportBundle, desk.OpenBox, desk.ReadProcedure, desk.RunProcedure, desk.CloseFigures,
	}},
	{Code: "secret-keeper", VI: "Người được giao giữ tài liệu mật", EN: "Keeper of classified papers", Rights: []desk.Right{
		desk.ReadRecord, desk.ReadPerson, desk.EditPerson, desk.ReadSecret,
	}},
	{Code: "regulation-keeper", VI: "Người giữ quy định", EN: "Regulation keeper", Rights: []desk.Right{
		desk.ReadRecord, desk.KeepRegulation, desk.AttestRegulation,
	}},
	{Code: "counting-member", VI: "Thành viên kiểm phiếu", EN: "Counting member", Bound: true, Rights: []desk.Right{
		desk.CountContest,
	}},
	{Code: "presiding-chair", VI: "Chủ tọa, đoàn chủ tịch", EN: "Chair, presidium", Bound: true, Rights: []desk.Right{
		desk.PresideCount,
	}},
	{Code: "inspector", VI: "Đoàn kiểm tra hồ sơ", EN: "Inspector of a case", Bound: true, Rights: []desk.Right{
		desk.ReadProcedure,
	}},
	{Code: "auditor", VI: "Người kiểm tra, giám sát", EN: "Auditor", Rights: []desk.Right{
		desk.ReadRecord, desk.CheckLedger,
	}},
	{Code: "administrator", VI: "Quản trị", EN: "Administrator", Rights: []desk.Right{
		desk.Administer,
	}},
}

// Roles lists the roles in the order forms show them.
func Roles() []Role { return append([]Role{}, roles...) }

// RoleOf finds a role by code.
func RoleOf(code string) (Role, bool) {
	for _, r := range roles {
		if r.Code == code {
			return r, true
		}
	}
	return Role{}, false
}

// Holds says whether the role has a right.
func (r Role) Holds(right desk.Right) bool {
	for _, h := range r.Rights {
		if h == right {
			return true
		}
	}
	return false
}

// incompatible says that two roles may not be held by one account: opening
// accounts is kept apart from everything that can be read or decided with them.
func incompatible(a, b string) bool {
	return a != b && (a == "administrator" || b == "administrator")
}

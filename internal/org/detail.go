package org

import (
	"regexp"
	"strings"
)

// Detail is one thing an organisation has from a day on.
type Detail struct {
	Key   string `json:"key"`
	Value string `json:"value"` // "" : none from that day on
}

// DetailName is a detail in the two languages, with its choices if it has any.
type DetailName struct {
	Key, VI, EN string
	Choices     []DetailChoice
}

// DetailChoice is one value of a detail.
type DetailChoice struct{ Value, VI, EN string }

// The keys of details.
const (
	Level         = "level"
	ManagingLevel = "managing-level"
	PartyCode     = "code.party" // M1.M2.M3.M4.M5: 2.3.3.3.3 digits, as member files are named (607-QĐ/BTCTW)
	OldPartyCode  = "code.party-old"
	AdminCode     = "code.admin" // of the General Statistics Office
	BudgetCode    = "code.budget"
	Seal          = "seal"
	Territory     = "territory"    // the administrative unit it sits in: an organisation's id
	SizeConsent   = "size-consent" // paper by which the upper level agrees to another size
)

// Kinds of staff: each has a quota, places held open and a plan of its own.
const (
	CivilServant = "civil-servant"
	Employee     = "employee"
	Contract     = "contract"
)

// StaffKind is a kind of staff in the two languages.
type StaffKind struct{ Kind, VI, EN string }

// StaffKinds lists the kinds of staff.
func StaffKinds() []StaffKind {
	return []StaffKind{
		{CivilServant, "Cán bộ, công chức", "Civil servants"},
		{Employee, "Viên chức", "Public employees"},
		{Contract, "Hợp đồng lao động", "Contract staff"},
	}
}

// The keys of staff figures: QuotaOf(CivilServant) is what a decision allots,
// HeldOf the places held open for somebody, PlanOf what is aimed at. Position
// is the number of places of one title.
func QuotaOf(kind string) string { return "quota." + kind }

// HeldOf is the key of places held open.
func HeldOf(kind string) string { return "held." + kind }

// PlanOf is the key of the number aimed at.
func PlanOf(kind string) string { return "plan." + kind }

// PositionOf is the key of the number of job positions of one title.
func PositionOf(title string) string { return "position." + title }

var levels = []DetailChoice{
	{"central", "Trung ương", "Central"},
	{"province", "Cấp tỉnh", "Province"},
	{"district", "Cấp huyện", "District"},
	{"above-grassroots", "Cấp trên trực tiếp cơ sở", "Above the grassroots"},
	{"grassroots", "Cấp cơ sở (cấp xã)", "Grassroots (commune)"},
	{"below-grassroots", "Dưới cơ sở", "Below the grassroots"},
}

// DetailNames lists the details in the order pages show them.
func DetailNames() []DetailName { return append([]DetailName{}, detailNames...) }

var detailNames = func() []DetailName {
	names := []DetailName{
		{Level, "Cấp", "Level", levels},
		{ManagingLevel, "Cấp quản lý", "Managing level", levels},
		{PartyCode, "Mã tổ chức đảng", "Code of the Party organisation", nil},
		{OldPartyCode, "Mã tổ chức đảng kiểu cũ", "Older code of the Party organisation", nil},
		{AdminCode, "Mã đơn vị hành chính", "Code of the administrative unit", nil},
		{BudgetCode, "Mã quan hệ ngân sách", "Budget code", nil},
		{Seal, "Con dấu", "Seal", nil},
		{Territory, "Địa bàn", "Territory", nil},
		{SizeConsent, "Văn bản đồng ý khác quy định về số đảng viên", "Consent to another number of members", nil},
	}
	for _, k := range StaffKinds() {
		names = append(names, DetailName{QuotaOf(k.Kind), "Biên chế được giao: " + k.VI, "Quota allotted: " + k.EN, nil},
			DetailName{HeldOf(k.Kind), "Chỗ để dành: " + k.VI, "Places held open: " + k.EN, nil},
			DetailName{PlanOf(k.Kind), "Kế hoạch biên chế: " + k.VI, "Planned: " + k.EN, nil})
	}
	return names
}()

// Counted says whether a detail is a number of places.
func Counted(key string) bool {
	for _, p := range []string{"quota.", "held.", "plan.", "position."} {
		if strings.HasPrefix(key, p) {
			return true
		}
	}
	return false
}

var positionForm = regexp.MustCompile(`^position\.[a-z0-9-]{1,60}$`)

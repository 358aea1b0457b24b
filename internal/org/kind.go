package org

// Kind sorts organisations.
type Kind string

// The kinds of organisations.
const (
	ProvinceCommittee Kind = "province-committee" // tỉnh ủy, thành ủy
	DistrictCommittee Kind = "district-committee" // huyện ủy and its like, until 1/7/2025
	PartyBody         Kind = "party-body"         // đảng bộ directly under the province other than a district
	Commission        Kind = "commission"         // ban, văn phòng, ủy ban kiểm tra of a committee
	Grassroots        Kind = "grassroots"         // tổ chức cơ sở đảng
	Cell              Kind = "cell"               // chi bộ
	PeoplesCouncil    Kind = "peoples-council"    // hội đồng nhân dân
	PeoplesCommittee  Kind = "peoples-committee"  // ủy ban nhân dân
	StateAgency       Kind = "state-agency"       // sở, phòng, đơn vị sự nghiệp
	Front             Kind = "front"              // Mặt trận Tổ quốc and mass organisations
	ElectionBody      Kind = "election-body"      // ủy ban, ban, tổ bầu cử
	Other             Kind = "other"

	AboveGrassroots     Kind = "above-grassroots"     // đảng bộ cấp trên trực tiếp của tổ chức cơ sở
	GrassrootsCell      Kind = "grassroots-cell"      // chi bộ cơ sở, a name that ended with 208-QĐ/TW
	PartBody            Kind = "part-body"            // đảng bộ bộ phận
	PartyGroup          Kind = "party-group"          // tổ đảng
	InspectionCommittee Kind = "inspection-committee" // ủy ban kiểm tra
	PartyDelegation     Kind = "party-delegation"     // đảng đoàn, ban cán sự đảng
	PartyUnit           Kind = "party-unit"           // trường chính trị, báo, trung tâm of the Party
	AssemblyDelegation  Kind = "assembly-delegation"  // đoàn đại biểu Quốc hội
	AgencyUnit          Kind = "agency-unit"          // phòng, ban, chi cục inside an agency
	ServiceUnit         Kind = "service-unit"         // đơn vị sự nghiệp công lập
	Judicial            Kind = "judicial"             // tòa án, viện kiểm sát, thi hành án
	ArmedForces         Kind = "armed-forces"         // quân sự, công an, biên phòng
	Enterprise          Kind = "enterprise"           // doanh nghiệp
	YouthUnion          Kind = "youth-union"          // Đoàn Thanh niên
	WomensUnion         Kind = "womens-union"         // Hội Liên hiệp Phụ nữ
	FarmersUnion        Kind = "farmers-union"        // Hội Nông dân
	VeteransUnion       Kind = "veterans-union"       // Hội Cựu chiến binh
	TradeUnion          Kind = "trade-union"          // Công đoàn
	MassOrganisation    Kind = "mass-organisation"    // hội quần chúng khác
	AdminProvince       Kind = "admin-province"       // tỉnh, thành phố: the territory
	AdminDistrict       Kind = "admin-district"       // huyện, quận, thị xã, until 1/7/2025
	AdminCommune        Kind = "admin-commune"        // xã, phường, thị trấn, đặc khu
	Village             Kind = "village"              // thôn, tổ dân phố
)

// KindName is a kind in the two languages of the screens.
type KindName struct {
	Kind   Kind
	VI, EN string
	rank   string // place among siblings; stored in rows, so it never changes
}

// kinds in the order forms show them. rank of the first kinds are the single
// letters the first release wrote; later kinds stand between them.
var kinds = []KindName{
	{ProvinceCommittee, "Tỉnh ủy, thành ủy", "Province committee", "a"},
	{DistrictCommittee, "Huyện ủy và tương đương", "District committee", "b"},
	{PartyBody, "Đảng bộ trực thuộc", "Party body under the province", "c"},
	{AboveGrassroots, "Đảng bộ cấp trên trực tiếp cơ sở", "Party body above the grassroots", "c~1"},
	{Commission, "Ban, văn phòng của cấp ủy", "Commission or office of a committee", "d"},
	{InspectionCommittee, "Ủy ban kiểm tra", "Inspection committee", "d~1"},
	{PartyDelegation, "Đảng đoàn, ban cán sự đảng", "Party delegation", "d~2"},
	{PartyUnit, "Đơn vị sự nghiệp của Đảng", "Service unit of the Party", "d~3"},
	{Grassroots, "Tổ chức cơ sở đảng", "Grassroots organisation", "e"},
	{GrassrootsCell, "Chi bộ cơ sở", "Grassroots cell", "e~1"},
	{PartBody, "Đảng bộ bộ phận", "Part of a grassroots party body", "e~2"},
	{Cell, "Chi bộ", "Cell", "f"},
	{PartyGroup, "Tổ đảng", "Group of a cell", "f~1"},
	{AssemblyDelegation, "Đoàn đại biểu Quốc hội", "Delegation to the National Assembly", "f~2"},
	{PeoplesCouncil, "Hội đồng nhân dân", "People's Council", "g"},
	{PeoplesCommittee, "Ủy ban nhân dân", "People's Committee", "h"},
	{StateAgency, "Cơ quan, đơn vị nhà nước", "State agency or unit", "i"},
	{AgencyUnit, "Phòng, ban thuộc cơ quan", "Unit of an agency", "i~1"},
	{ServiceUnit, "Đơn vị sự nghiệp công lập", "Public service unit", "i~2"},
	{Judicial, "Tòa án, viện kiểm sát, thi hành án", "Court, procuracy, enforcement", "i~3"},
	{ArmedForces, "Quân sự, công an, biên phòng", "Armed forces", "i~4"},
	{Enterprise, "Doanh nghiệp", "Enterprise", "i~5"},
	{Front, "Mặt trận và đoàn thể", "Front and mass organisations", "j"},
	{YouthUnion, "Đoàn Thanh niên", "Youth Union", "j~1"},
	{WomensUnion, "Hội Liên hiệp Phụ nữ", "Women's Union", "j~2"},
	{FarmersUnion, "Hội Nông dân", "Farmers' Union", "j~3"},
	{VeteransUnion, "Hội Cựu chiến binh", "Veterans' Association", "j~4"},
	{TradeUnion, "Công đoàn", "Trade union", "j~5"},
	{MassOrganisation, "Hội quần chúng", "Mass organisation", "j~6"},
	{ElectionBody, "Tổ chức phụ trách bầu cử", "Election body", "k"},
	{AdminProvince, "Đơn vị hành chính cấp tỉnh", "Province (territory)", "k~1"},
	{AdminDistrict, "Đơn vị hành chính cấp huyện", "District (territory)", "k~2"},
	{AdminCommune, "Đơn vị hành chính cấp xã", "Commune (territory)", "k~3"},
	{Village, "Thôn, tổ dân phố", "Village or street group", "k~4"},
	{Other, "Tổ chức khác", "Other organisation", "l"},
}

var rankOf = func() map[Kind]string {
	m := make(map[Kind]string, len(kinds))
	for _, k := range kinds {
		m[k.Kind] = k.rank
	}
	return m
}()

// Kinds lists the kinds in the order forms show them.
func Kinds() []KindName { return append([]KindName{}, kinds...) }

func knownKind(k Kind) bool { return rankOf[k] != "" }

// SizeRule is the rule that asks how many members an organisation of a kind
// must have (Charter, Articles 21 and 24); empty when none does.
func SizeRule(k Kind) string {
	switch k {
	case Cell, GrassrootsCell:
		return "party-charter.cell-size"
	case Grassroots:
		return "party-charter.grassroots-body"
	}
	return ""
}

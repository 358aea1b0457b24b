package desk

// Right is one thing a role may allow. Roles (account) are sets of rights held
// over a subtree of organisations between two dates.
type Right string

// The rights of the rooms that stand today.
const (
	ReadRecord       Right = "record.read"        // pages of contests, organisations, regulations, ledger
	ReadPerson       Right = "person.read"        // personal content of persons
	EditOrg          Right = "org.edit"           // found, rename, move, dissolve organisations
	EditPerson       Right = "person.edit"        // record and correct persons and posts
	ReadSecret       Right = "file.secret"        // papers of persons' files of class mật and above
	RecordContest    Right = "election.record"    // enter events and contests
	CorrectContest   Right = "election.correct"   // correct a recorded contest
	AnnounceContest  Right = "election.announce"  // open the hall display
	MakeMinutes      Right = "election.minutes"   // make minutes
	ExportBundle     Right = "bundle.export"      // export bundles, full or redacted
	CountContest     Right = "election.count"     // counting member of one contest (Need.Case)
	OpenBox          Right = "ballotbox.open"     // open a ballot box and change its team
	PresideCount     Right = "ballotbox.preside"  // chair: decides on incidents of one count (Need.Case)
	ReadProcedure    Right = "procedure.read"     // cases of personnel procedures (Need.Case for an inspector)
	RunProcedure     Right = "procedure.run"      // run them
	CloseFigures     Right = "report.close"       // close sets of figures
	KeepRegulation   Right = "regulation.keep"    // add editions and overrides
	AttestRegulation Right = "regulation.attest"  // attest an unverified rule (two different keepers)
	EraseBlock       Right = "ledger.erase"       // lawful erasure of personal content
	CheckLedger      Right = "ledger.check"       // auditor: entries, checkpoints, read log
	Administer       Right = "account.administer" // accounts, roles, sessions; reads no personal content
)

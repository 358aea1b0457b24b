package web

// modules are the rooms whose pages are served, in no special order: the left
// column sorts by navItem.Order (10 desk, 20 elections, 30 organisations, 40
// persons, 50 regulations, 60 ledger, 70 administration).
//
// They are listed in init because pages look at the list (search, desk page)
// while the list names the pages.
var modules []module

func init() {
	modules = []module{
		staticModule,
		loginModule,
		homeModule,
		electionModule,
		meetingModule,
		ballotboxModule,
		programmeModule,
		documentModule,
		searchModule,
		orgModule,
		personModule,
		factModule,
		dossierModule,
		ledgerModule,
		adminModule,
		accountModule,
		hallModule,
		glossaryModule,
		regulationModule,
		procedureModule,
		reportModule,
	}
}

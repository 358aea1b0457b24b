package paper

// Causes why a person must look at one name.
const (
	LookPartial    = "partial"    // the line covers part of the name only
	LookAside      = "aside"      // ink above, below or beside the name
	LookCorrection = "correction" // a line and more ink with it
	LookFaint      = "faint"      // hardly visible
	LookSmall      = "small"      // a dot or a short stroke
	LookCovered    = "covered"    // a seal, stain or fold lies over it
	LookUnsure     = "unsure"     // the place could not be found well enough
)

// Mark is what one name's place shows.
type Mark struct {
	Is    string  // MarkClear, MarkStruck, … or MarkDoubtful
	Look  string  // why a person must look, when doubtful
	Score float64 // how sure of a mark: 0 surely none, 1 surely one
}

// judgeStrike decides from how added ink runs through a name.
func judgeStrike(f traits, th *thresholds) Mark {
	score := min(1, f.span*f.inner*min(1, f.dark/th.StruckDark))
	switch {
	case f.area <= th.ClearArea && f.cover <= th.ClearCover && f.longest <= th.ClearRun,
		f.area < th.NoneArea && f.cover == 0:
		if f.faint > th.FaintRun {
			return Mark{MarkDoubtful, LookFaint, score}
		}
		return Mark{Is: MarkClear, Score: min(score, 0.2)}
	case f.band >= th.ScribbleBand && f.span >= th.ScribbleSpan && f.inner >= th.ScribbleCover &&
		f.inside >= th.StruckInside && f.dark >= th.StruckDark && f.offH <= 1.25*f.em && f.off > 2 && f.edge <= th.EdgeMost:
		// The whole name is scribbled over, and only the name.
		return Mark{Is: MarkStruck, Score: 1}
	case f.inner >= th.StruckCover && f.gap <= th.StruckGap &&
		(f.span >= th.StruckSpan || f.reach >= th.StruckSpanFree && f.span >= th.StruckSpanLeast && f.cover >= th.StruckCoverFree):
		switch {
		case f.inside < th.StruckInside:
			return Mark{MarkDoubtful, LookAside, score}
		case f.dark < th.StruckDark:
			return Mark{MarkDoubtful, LookFaint, score}
		case f.hidden > th.HiddenMost:
			return Mark{MarkDoubtful, LookUnsure, score}
		case f.edge > th.EdgeMost: // a seal or a stain lies over more than this row
			return Mark{MarkDoubtful, LookCovered, score}
		case f.offH <= th.DoubleEm*f.em: // a second line beside the first
		case f.off > th.StruckOff && f.off > th.StruckOffShare*(f.along+f.off):
			return Mark{MarkDoubtful, LookCorrection, score}
		}
		return Mark{Is: MarkStruck, Score: max(score, 0.8)}
	case f.area <= 3 && f.longest < 3:
		return Mark{MarkDoubtful, LookSmall, score}
	case f.cover >= 0.25 && f.inside >= 0.5:
		return Mark{MarkDoubtful, LookPartial, score}
	}
	return Mark{MarkDoubtful, LookAside, score}
}

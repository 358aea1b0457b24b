package paper

import (
	_ "embed"
	"encoding/json"
)

// thresholds are where a reading turns from one outcome to another. They come
// from a measured set (see docs/ballots.md) and stand in a file, never from the
// sheet that is being read. Ink is in 1/255 of the darkness of print.
type thresholds struct {
	AddedFloor      int     `json:"added_floor"`       // ink above the print's own that is taken for nothing
	PrintGain       float64 `json:"print_gain"`        // how much darker than drawn print may be at its edges
	PrintGainBW     float64 `json:"print_gain_bw"`     // the same where the scanner knows black and white only
	Hit             int     `json:"hit"`               // ink of a line, mean along 1 mm
	FaintHit        int     `json:"faint_hit"`         // ink of a line that is hardly there
	FaintRun        float64 `json:"faint_run_mm"`      // at most: length of such a line, clear
	Strong          int     `json:"strong"`            // ink of a point that belongs to a mark
	ClearCover      float64 `json:"clear_cover"`       // at most: share of the name a line runs along, clear
	ClearRun        float64 `json:"clear_run_mm"`      // at most: longest piece of line, clear
	ClearArea       float64 `json:"clear_area_mm2"`    // at most: added ink, clear
	NoneArea        float64 `json:"none_area_mm2"`     // below: added ink that is none
	StruckSpan      float64 `json:"struck_span"`       // at least: share of the name's width between the ends of the line, struck
	StruckSpanFree  float64 `json:"struck_span_free"`  // or so much of the width, dark slits at its ends counted,
	StruckSpanLeast float64 `json:"struck_span_least"` // and so much without them,
	StruckCoverFree float64 `json:"struck_cover_free"` // when so much of what print leaves free shows a line
	StruckCover     float64 `json:"struck_cover"`      // at least: share of that where a line shows, struck
	StruckGap       float64 `json:"struck_gap_mm"`     // at most: longest gap, struck
	StruckInside    float64 `json:"struck_inside"`     // at least: share of the line that runs through the letters
	StruckOff       float64 `json:"struck_off_mm2"`    // at most: ink away from the line
	StruckOffShare  float64 `json:"struck_off_share"`  // or at most this share of all added ink
	StruckDark      float64 `json:"struck_dark"`       // at least: mean ink of the line
	ScribbleBand    float64 `json:"scribble_band"`     // at least: share of the name's columns inked, scribbled over
	ScribbleSpan    float64 `json:"scribble_span"`     // and at least this share of its width,
	ScribbleCover   float64 `json:"scribble_cover"`    // and this share of the way between the ends
	DoubleEm        float64 `json:"double_em"`         // at most: how far a second line reaches, in sizes of the letters
	HiddenMost      float64 `json:"hidden_most"`       // at most: share of the name under print along the line
	EdgeMost        float64 `json:"edge_most"`         // at most: share of a struck name's columns with ink from beyond its row
	EmptyBox        float64 `json:"empty_box_mm2"`     // at most: ink in an empty box
	EmptyBoxBW      float64 `json:"empty_box_bw_mm2"`  // the same where the scanner knows black and white only
	MarkBox         float64 `json:"mark_box_mm2"`      // at least: ink in a marked box
	MarkBoxSpan     float64 `json:"mark_box_mm"`       // at least: width and height of a mark
	BlotSpan        float64 `json:"blot_mm"`           // below this width and height
	BlotShare       float64 `json:"blot_share"`        // a mark that fills so much of its square is a blot
	SpillShare      float64 `json:"spill_share"`       // at most: share of a cross that reaches into the other box
	SpillDepth      float64 `json:"spill_depth"`       // at most: share of a row's height that a neighbour's mark reaches into it
	Writing         float64 `json:"writing_mm2"`       // at least: ink outside the targets that a person sees
	WritingInk      int     `json:"writing_ink"`       // above: ink of a point of such writing, in 1/255
	LeastAgree      float64 `json:"least_agree"`       // share of the anchors found
	LeastContrast   int     `json:"least_contrast"`    // of the darkest letters of a page, below which it is not sharp
	MostHalo        float64 `json:"most_halo"`         // ink beside letters against that of letters, above which a page is not sharp
	NameThere       float64 `json:"name_there"`        // share of a name's letters below which they are not there
	NameShare       float64 `json:"name_share"`        // of what is usual on the side, below which other letters stand there
	MostStreaks     int     `json:"most_streaks"`      // at least: so many streaks over names, refused
	WidestStreaks   float64 `json:"widest_streaks_mm"` // above: so many millimetres of streaks over names, refused
	FaintBox        float64 `json:"faint_box_mm2"`     // above: area of a box that is a little darker than paper, a person looks
	DarkPaper       float64 `json:"dark_paper"`        // light of the paper below which a page is dark
	BridgeSlits     int     `json:"bridge_slits"`      // at least: points between letters that tell of a line within their print
	BridgeInk       int     `json:"bridge_ink"`        // at least: ink of such a point that has some
	Bridge          float64 `json:"bridge"`            // at least: share of such points that have ink, times their mean ink, a person looks; on 6,260 unmarked names of ordinary sheets at most 1.7, where no back shone through
	ShineLeast      int     `json:"shine_least"`       // at least: ink of the other side's shadow that is one
	ShineMost       int     `json:"shine_most"`        // at most: ink of that shadow from which a pen is told
	ShineEven       float64 `json:"shine_even"`        // at least: its lower quarter against its middle
	ShineGain       float64 `json:"shine_gain"`        // how much darker than measured such a shadow may be
	ShineFloor      int     `json:"shine_floor"`       // and by how much ink besides
	ShineRest       float64 `json:"shine_rest"`        // above: mean ink more than the shadow's that went with it, a person looks
	OverFold        float64 `json:"over_fold"`         // at most: by how much a fold is darker along a name than elsewhere, clear
	FoldBody        int     `json:"fold_body"`         // at least: darkness of a fold where it could hide a pen
	SpillReach      float64 `json:"spill_reach"`       // above: how far ink reaches over a line against how far it reaches in its own box, a person looks
	SpillOwn        float64 `json:"spill_own"`         // below: share of its own box to which a mark reaches that stands on the line, a person looks
	BothApart       float64 `json:"both_apart"`        // below: share of its box to which either of two marks reaches, and both are one on the line
	SpillNear       float64 `json:"spill_near_mm"`     // how far from the line between two boxes ink that reaches over it is looked for
	SpillBoth       float64 `json:"spill_both_mm2"`    // above: ink so near on either side of that line is nobody's, a person looks
	UnmarkedBW      float64 `json:"unmarked_share_bw"` // at least: share of rows without a cross, where the scanner knows black and white only
}

// What some of them were set on:
//
//   - over_fold, fold_body: 142 names under folds (set tune, 450 sheets). 130 are
//     darker along the name than elsewhere by less than 7, the one that was struck
//     along its fold by 90.
//   - spill_near_mm: a third of it is the printed line's own. A small cross that
//     stands free of it beside a larger scribble is a mark of its own (found_test.go).
//   - both_apart: a cross in the middle of its box reaches farther and begins farther from the line;
//     one on the line, of which a streak had taken the middle, reached to a third on
//     either side (agree A5, 7000 in found_test.go).
//   - spill_both_mm2: like those above, by hand on seeds below 1000 of the set tune.
//   - unmarked_share_bw: of marks in pencil in 24 rows a scanner of black and white
//     had kept eight (agree, 20000012 in found_test.go).

// expected is the ink that print may leave where it is drawn with ink e.
func (th *thresholds) expected(bitonal bool) *[256]int32 {
	gain := th.PrintGain
	if bitonal {
		gain = th.PrintGainBW
	}
	var lut [256]int32
	for e := range lut {
		lut[e] = int32(min(255, float64(e)*gain)) + int32(th.AddedFloor)
	}
	return &lut
}

//go:embed thresholds.json
var thresholdFile []byte

func readThresholds() (*thresholds, error) {
	t := &thresholds{}
	return t, json.Unmarshal(thresholdFile, t)
}

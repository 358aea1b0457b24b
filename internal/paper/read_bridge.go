package paper

// judgeName judges a name of the form strike: no line at all is read only where
// none may lie within the print either.
func (z *zone) judgeName(th *thresholds) Mark {
	m := judgeStrike(z.traits(th), th)
	if m.Is == MarkClear && z.bridged(th) >= th.Bridge {
		return Mark{MarkDoubtful, LookFaint, m.Score}
	}
	return m
}

// bridged says how much of a short line there may be within the print of a few
// letters, where print hides nearly all of it: over three and a third millimetres
// of one height, the share of the slits between letters in which there is ink, times
// the mean ink in them. Fewer slits than BridgeSlits tell nothing.
func (z *zone) bridged(th *thresholds) (most float64) {
	const wide = 20
	left, right := max(0, z.name[0]), min(z.w-1, z.name[2])
	upper, lower := max(1, int(z.base-0.66*z.em)), min(z.h-2, int(z.base-0.04*z.em))
	free, ink := make([]bool, z.w), make([]int, z.w)
	for y := upper; y <= lower; y++ {
		for x := left; x <= right; x++ {
			free[x], ink[x] = false, 0
			for v := y - 1; v <= y+1; v++ { // a line leans a little
				if i := v*z.w + x; z.free[i] == 1 {
					free[x], ink[x] = true, max(ink[x], int(z.added[i]))
				}
			}
		}
		n, on, sum := 0, 0, 0
		count := func(x, by int) {
			if !free[x] {
				return
			}
			n, sum = n+by, sum+by*ink[x]
			if ink[x] >= th.BridgeInk {
				on += by
			}
		}
		for x := left; x <= right; x++ {
			count(x, 1)
			if x-wide >= left {
				count(x-wide, -1)
			}
			if x-left >= wide && n >= th.BridgeSlits {
				most = max(most, float64(on)/float64(n)*float64(sum)/float64(n))
			}
		}
	}
	return most
}

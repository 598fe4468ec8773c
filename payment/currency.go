package payment

// Currency is an ISO 4217 alphabetic code, such as "GBP". It is an ordinary
// string, in JSON too: only [ParseCurrency], [Currency.Known] and
// [Currency.Withdrawn] tell whether it exists.
type Currency string

// noMinorUnits stands in the table for codes that have no minor unit.
const noMinorUnits = -1

// ParseCurrency reads a code of the active list, in upper case. Withdrawn
// codes, lower case and surrounding space are refused with a [*FieldError]
// whose Field is "currency". The date of the list is in currency_table.go.
func ParseCurrency(s string) (Currency, error) {
	if c := Currency(s); c.Known() {
		return c, nil
	}
	return "", currencyError("is not an active ISO 4217 code in upper case")
}

// Known reports whether c is on the active list. XTS (testing) and XXX (no
// currency) are on it.
func (c Currency) Known() bool {
	_, known := minorUnits(c)
	return known
}

// MinorUnits returns the number of digits after the point that amounts of c have:
// 2 for GBP, 0 for JPY, 3 for KWD. It returns -1 for codes that have no minor unit,
// such as XAU, and for codes that are not known.
func (c Currency) MinorUnits() int {
	units, _ := minorUnits(c)
	return units
}

// Withdrawn reports whether c was a code of ISO 4217 and is one no more (its
// List Three), such as DEM or HRK. No new [Money] is made in it, and stored
// Money stays readable. Its minor units are not known here.
func (c Currency) Withdrawn() bool {
	switch c {
	case "ADP", "AFA", "ALK", "ANG", "AOK", "AON", "AOR", "ARA", "ARP", "ARY",
		"ATS", "AYM", "AZM", "BAD", "BEC", "BEF", "BEL", "BGJ", "BGK", "BGL",
		"BGN", "BOP", "BRB", "BRC", "BRE", "BRN", "BRR", "BUK", "BYB", "BYR",
		"CHC", "CSD", "CSJ", "CSK", "CUC", "CYP", "DDM", "DEM", "ECS", "ECV",
		"EEK", "ESA", "ESB", "ESP", "FIM", "FRF", "GEK", "GHC", "GHP", "GNE",
		"GNS", "GQE", "GRD", "GWE", "GWP", "HRD", "HRK", "IEP", "ILP", "ILR",
		"ISJ", "ITL", "LAJ", "LSM", "LTL", "LTT", "LUC", "LUF", "LUL", "LVL",
		"LVR", "MGF", "MLF", "MRO", "MTL", "MTP", "MVQ", "MXP", "MZE", "MZM",
		"NIC", "NLG", "PEH", "PEI", "PES", "PLZ", "PTE", "RHD", "ROK", "ROL",
		"RUR", "SDD", "SDP", "SIT", "SKK", "SLL", "SRG", "STD", "SUR", "TJR",
		"TMM", "TPE", "TRL", "UAK", "UGS", "UGW", "USS", "UYN", "UYP", "VEB",
		"VEF", "VNC", "XEU", "XFO", "XFU", "XRE", "YDD", "YUD", "YUM", "YUN",
		"ZAL", "ZMK", "ZRN", "ZRZ", "ZWC", "ZWD", "ZWL", "ZWN", "ZWR":
		return true
	}
	return false
}

// minorUnit returns the smallest amount of c, 0.01 for GBP. It is not set for
// codes without a minor unit.
func (c Currency) minorUnit() Amount {
	units := c.MinorUnits()
	if units == noMinorUnits {
		return Amount{}
	}
	return Amount{coef: 1, scale: int32(units), set: true}
}

func currencyError(reason string) error {
	return &FieldError{Field: "currency", Reason: reason}
}

package spektrixtest

// Custom payment types that every emulator knows. The first two are those of
// the vendor's documentation, the others are samples of our own.
const (
	TypeEPOSSystem    = "93AGQTGJBKVCQVRRKBVCCRTPJTBKCNLBH" // optional: Reference, Receipt Number
	TypeQuickDonation = "7641ANMTGPDKSKCSGLJHMMLMMQCKCNQGP" // optional: Reference number
	TypeVoucher       = "901ABCDFGHJKLMNPQRSTVWXZBCDFGHJKL" // required: Voucher code; optional: Issued by
	TypeRefund        = "902ABCDFGHJKLMNPQRSTVWXZBCDFGHJKL" // a refund type; optional: Reference
	TypeClosedTill    = "903ABCDFGHJKLMNPQRSTVWXZBCDFGHJKL" // inactive; optional: Reference
)

// What can be sold without any preparation: samples of our own. Both ticket
// types have a price for both instances, and every price is for the one
// seating plan.
const (
	InstanceMatinee  = "201AKLMNPQRSTVWXZBCDFGHJKLMNPQRST"
	InstanceEvening  = "202AKLMNPQRSTVWXZBCDFGHJKLMNPQRST"
	TicketAdult      = "301AVWXZBCDFGHJKLMNPQRSTVWXZBCDFG" // 18.50 matinee, 24.00 evening
	TicketConcession = "302AVWXZBCDFGHJKLMNPQRSTVWXZBCDFG" // 12.00, of which 6.50 less than adult; 15.60 evening
	PlanStalls       = "401ACDFGHJKLMNPQRSTVWXZBCDFGHJKLM"
)

func sampleTypes() []PaymentType {
	reference := AttributeDefinition{Name: "Reference"}
	return []PaymentType{
		{ID: TypeEPOSSystem, Name: "EPOS System", Attributes: []AttributeDefinition{reference, {Name: "Receipt Number"}}},
		{ID: TypeQuickDonation, Name: "Quick Donation", Attributes: []AttributeDefinition{{Name: "Reference number"}}},
		{ID: TypeVoucher, Name: "Sample Voucher", Attributes: []AttributeDefinition{{Name: "Voucher code", Required: true}, {Name: "Issued by"}}},
		{ID: TypeRefund, Name: "Sample Refund", IsRefund: true, Attributes: []AttributeDefinition{reference}},
		{ID: TypeClosedTill, Name: "Sample Closed Till", Inactive: true, Attributes: []AttributeDefinition{reference}},
	}
}

func samplePrices() []Price {
	return []Price{
		{Instance: InstanceMatinee, TicketType: TicketAdult, Price: amount("18.50")},
		{Instance: InstanceMatinee, TicketType: TicketConcession, Price: amount("18.50"), Discount: amount("6.50")},
		{Instance: InstanceEvening, TicketType: TicketAdult, Price: amount("24.00")},
		{Instance: InstanceEvening, TicketType: TicketConcession, Price: amount("24.00"), Discount: amount("8.40")},
	}
}

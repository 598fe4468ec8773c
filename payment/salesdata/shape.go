package salesdata

// Shape is one of the two forms in which the vendor documents the same
// records. Nothing inside a file names its shape; it is told by the keys.
type Shape uint8

// The two shapes.
const (
	Root Shape = 1 << iota // /salesdata/: amounts in net_amount, names of versions 1.0 to 1.2
	MDS                    // /mds/salesdata/, "Munu Data Store": amounts in amount, most fields required
)

const both = Root | MDS

// String gives "root", "mds" or "unknown".
func (s Shape) String() string {
	switch s {
	case Root:
		return "root"
	case MDS:
		return "mds"
	}
	return "unknown"
}

func (s Shape) known() bool { return s == Root || s == MDS }

// Version is a version of the root shape. The MDS shape has none.
type Version uint8

// The documented versions, in the order they came. The zero value stands for
// the newest.
const (
	Version10  Version = iota + 1 // 1.0
	Version11                     // 1.1: psp_ref, par, order_type_id, order_channel
	Version111                    // 1.1.1: external_benefit_system_ident
	Version12                     // 1.2: pms_ref
)

// paymentShape tells the shape of a payment: by its amount, else by any other
// key that only one shape documents.
func (d *decoder) paymentShape(s *scan, at place) (Shape, error) {
	amounts := s.seen & paymentSchema.mask("net_amount", "amount")
	switch {
	case amounts&(amounts-1) != 0:
		return 0, d.fail(at, "", s.latest(amounts), "has both net_amount and amount")
	case d.cfg.shape.known():
		return d.cfg.shape, nil
	case amounts != 0:
		return paymentSchema.shapeOf(amounts), nil
	}
	shape := paymentSchema.shapeOf(s.told())
	switch shape {
	case both:
		return 0, d.fail(at, "", s.start, "has no amount, and keys of both shapes")
	case 0:
		return 0, d.fail(at, "", s.start, "has no key that tells its shape")
	}
	return shape, nil
}

// lineShape tells the shape of a line. Every key of a root line is one of an
// MDS line too, so only MDS shows itself.
func (d *decoder) lineShape(s *scan) Shape {
	switch {
	case d.cfg.shape.known():
		return d.cfg.shape
	case lineSchema.shapeOf(s.seen)&MDS != 0:
		return MDS
	}
	return Root
}

// orderShape tells the shape of an order: MDS if it has a key that only MDS
// documents, such as soid; else that of its payments; else root.
func (d *decoder) orderShape(s *scan, o *Order) Shape {
	switch {
	case d.cfg.shape.known():
		return d.cfg.shape
	case orderSchema.shapeOf(s.seen)&MDS != 0:
		return MDS
	case len(o.Payments) > 0:
		return o.Payments[0].Shape
	}
	return Root
}

package payment

// The table of Once: what the entry says decides what is done, and what comes of
// it decides what the entry says next. Nothing else in this package decides.

// move is what a call does first.
type move string

const (
	write     move = "write"
	lookFirst move = "look with full patience, then write"
	find      move = "look with full patience; write again only where that cannot double"
	give      move = "return the stored receipt"
	leave     move = "leave it to a person"
	verify    move = "leave it to a person, unless the vendor shows it after all"
)

// row is one line of the table.
type row struct {
	status    Status
	certain   move // nobody else can have sent anything
	uncertain move // no store, a store in memory, another epoch
	doubt     bool // a write may have taken effect unseen
	frozen    bool // the payment can no longer be replaced
}

var table = [...]row{
	//status     certain    uncertain  doubt  frozen
	{Open, write, lookFirst, false, false},
	{Refused, write, lookFirst, false, false},
	{Begun, find, find, true, true},
	{Unknown, find, find, true, true},
	{Recorded, give, give, false, true},
	{Conflict, leave, leave, false, true},
	{Duplicate, leave, leave, false, true},
	{Closed, verify, verify, false, true},
}

func rowOf(s Status) (row, bool) {
	for _, r := range table {
		if r.status == s {
			return r, true
		}
	}
	return row{}, false
}

// answer is what came of a write.
type answer string

const (
	answerRecorded answer = "the vendor shows this payment"
	answerDiffers  answer = "the vendor shows another payment"
	answerUnsent   answer = "nothing was sent"
	answerRefused  answer = "the vendor has not executed it"
	answerUnknown  answer = "nobody can say"
)

// afterWrite says what the entry is after a write. In doubt, an earlier write
// may still have taken effect.
var afterWrite = map[answer]struct{ clear, inDoubt Status }{
	answerRecorded: {Recorded, Recorded},
	answerDiffers:  {Conflict, Conflict},
	answerUnsent:   {Open, Begun},
	answerRefused:  {Refused, Begun},
	answerUnknown:  {Begun, Begun},
}

// sight is what a look has shown.
type sight string

const (
	sightSame    sight = "this payment"
	sightOther   sight = "one that differs"
	sightSeveral sight = "several"
	sightNone    sight = "certainly none"
	sightFailed  sight = "nothing: the look failed"
	sightBlind   sight = "nothing: the vendor cannot tell"
)

// afterLook says what the entry is after a look that decides. The others leave
// it as it is, but where the vendor cannot tell, a doubt is left to a person.
var afterLook = map[sight]Status{
	sightSame:    Recorded,
	sightOther:   Conflict,
	sightSeveral: Duplicate,
}

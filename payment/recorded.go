package payment

import "context"

// give returns the stored receipt. What took more than one write, or was
// decided by a person, is looked at again: the first write may have taken effect
// late, and the person may have been wrong.
func (j *job) give(ctx context.Context) (Receipt, error) {
	receipt := j.stored()
	if j.entry.Writes > 1 || j.entry.Decision != nil {
		seen, found := j.lookOnce(ctx)
		if seen == sightSeveral || seen == sightOther || seen == sightSame && contradicts(receipt, found[0]) {
			return j.contradicted(ctx, found)
		}
		if seen == sightNone && j.entry.Decision != nil {
			return j.contradicted(ctx, nil)
		}
	}
	_ = j.release(ctx, nil)
	return receipt, nil
}

func (j *job) stored() Receipt {
	r := Receipt{Vendor: j.entry.Key.Account.Vendor, Reference: j.p.Reference, Amount: j.p.Amount}
	if n := len(j.entry.Receipts); n > 0 {
		r = j.entry.Receipts[n-1]
	}
	r.AlreadyRecorded = true
	return r
}

func contradicts(stored, found Receipt) bool {
	return stored.ID != "" && found.ID != "" && stored.ID != found.ID
}

// verifyClosed refuses an entry that a person has closed as not recorded, and
// looks once whether the vendor shows it after all.
func (j *job) verifyClosed(ctx context.Context) (Receipt, error) {
	if seen, found := j.lookOnce(ctx); afterLook[seen] != "" {
		return j.contradicted(ctx, found)
	}
	return Receipt{}, j.release(ctx, &FieldError{
		Field: "Payment.Reference", Reason: "was closed as not recorded by a person; Reopen allows another try",
	})
}

// contradicted turns an entry that the vendor contradicts into a conflict.
func (j *job) contradicted(ctx context.Context, found []Receipt) (Receipt, error) {
	next := j.entry.Progress
	next.Status = Conflict
	if len(found) > 1 {
		next.Status = Duplicate
	}
	return j.conflict(ctx, next, Receipt{}, &ConflictError{Want: j.p, Got: found, Fields: allMismatches(j.p, found)})
}

package rubi

import (
	"fmt"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

func (p UserPayment) checkType() error {
	if !p.PaymentType.Known() {
		return invalid("UserPayment.PaymentType", "is not Invoice, CardPayment or Confirm")
	}
	return nil
}

func (p UserPayment) checkEmail() error {
	return checkEmail("UserPayment.EmailAddress", p.EmailAddress)
}

func (p UserPayment) checkItems() error {
	if len(p.PaymentItems) == 0 {
		return invalid("UserPayment.PaymentItems", "is empty")
	}
	return checkGUIDs("UserPayment.PaymentItems", p.PaymentItems)
}

// checkGUIDs refuses a blank id, and one that is there twice in any letter case.
func checkGUIDs(field string, guids []string) error {
	seen := make(map[string]bool, len(guids))
	for i, guid := range guids {
		place := fmt.Sprintf("%s[%d]", field, i)
		if err := (element{field: place, value: guid}).check(); err != nil {
			return err
		}
		folded := strings.ToLower(guid)
		if seen[folded] {
			return invalid(place, "is there twice")
		}
		seen[folded] = true
	}
	return nil
}

// checkBasket checks what only the basket tells: kinds and total.
func (p UserPayment) checkBasket(currency payment.Currency) error {
	if len(p.BasketItems) == 0 {
		return nil
	}
	paid := p.paid()
	if len(paid) != len(p.PaymentItems) {
		return invalid("UserPayment.PaymentItems", "holds an item that is not once among BasketItems")
	}
	for _, item := range paid {
		if item.Item != paid[0].Item {
			return invalid("UserPayment.PaymentItems", "mixes kinds: bookings and subscriptions are paid separately")
		}
	}
	sum, err := sumOf(paid, currency)
	if err != nil {
		return err
	}
	return p.checkSum(sum)
}

func (p UserPayment) checkSum(sum payment.Money) error {
	switch {
	case p.PaymentType == Confirm && sum.Sign() != 0:
		return invalid("UserPayment.PaymentType", "is Confirm for a total that is not 0.00")
	case p.PaymentType == CardPayment && sum.Sign() <= 0:
		return invalid("UserPayment.PaymentType", "is CardPayment for a total that is not above 0.00")
	}
	return nil
}

// paid gives those of BasketItems that PaymentItems names.
func (p UserPayment) paid() []BasketItem {
	var paid []BasketItem
	for _, item := range p.BasketItems {
		if holds(p.PaymentItems, item.ItemGUID) {
			paid = append(paid, item)
		}
	}
	return paid
}

// holds compares ids without regard to letter case (inferred).
func holds(guids []string, guid string) bool {
	for _, g := range guids {
		if strings.EqualFold(g, guid) {
			return true
		}
	}
	return false
}

// sumOf adds the totals exactly. One that is not readable is refused: there is
// no sum without it.
func sumOf(items []BasketItem, currency payment.Currency) (payment.Money, error) {
	var sum payment.Money
	for i, item := range items {
		total, err := payment.NewMoney(item.ItemTotal, currency)
		if err != nil {
			return payment.Money{}, invalid(fmt.Sprintf("BasketItems[%d].ItemTotal", i), "is not readable")
		}
		if i == 0 {
			sum = total
			continue
		}
		if sum, err = sum.Add(total); err != nil {
			return payment.Money{}, err
		}
	}
	return sum, nil
}

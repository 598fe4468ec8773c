package tenderkit_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
	"github.com/tenderkit/tenderkit/payment/salesdata"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/spektrix"
)

// shown are the public types with fields, and the texts among their fields that
// show when a value is printed or logged, in whatever holds it. None of them is a
// credential or personal, but in the JSON of Stored and Progress of package
// payment, which is for a Store. A new type or field has to be judged here.
var shown = []struct {
	of     any
	fields string
}{
	{spektrix.Basket{}, "ID"},
	{spektrix.TransactionCommission{}, ""},
	{spektrix.Charge{}, "Description Name"},
	{spektrix.NewBasket{}, ""},
	{spektrix.TicketDelivery{}, ""},
	{spektrix.Confirmation{}, "ReferenceAttribute"},
	{spektrix.NewCustomPayment{}, "PaymentTypeID"},
	{spektrix.PaymentAttribute{}, "Name"},
	{spektrix.CustomPayment{}, "Name"},
	{spektrix.EchoError{}, "Differs"},
	{spektrix.ClockError{}, ""},
	{spektrix.Members{}, ""},
	{spektrix.Items{}, ""},
	{spektrix.Ref{}, ""},
	{spektrix.Time{}, "Text"},
	{spektrix.Order{}, "FriendlyID ID"},
	{spektrix.OrderPayment{}, "Method.Name"},
	{spektrix.PaymentMethod{}, "Name"},
	{spektrix.ChangedOrder{}, "OrderFriendlyID OrderID"},
	{spektrix.CustomPaymentType{}, "AttributeDefinitions.Name AttributeDefinitions.Type ID Members Name"},
	{spektrix.AttributeDefinition{}, "Name Type"},
	{spektrix.DuplicateTypeError{}, "IDs Name"},
	{spektrix.RecorderOptions{}, "PaymentTypeID ReferenceAttribute"},
	{spektrix.Recorder{}, ""},
	{spektrix.RecordOptions{}, "ReferenceAttribute Types"},
	{spektrix.Settlement{}, ""},
	{spektrix.SettledPayment{}, "Payment.Kind Payment.Reference State"},
	{spektrix.SettleError{}, ""},
	{spektrix.TotalMovedError{}, ""},
	{spektrix.Config{}, "ClientName Currency"},
	{spektrix.Ticket{}, "ID"},
	{spektrix.NewTicket{}, "Instance Type"},
	{brightpearl.Authorization{}, "TransactionCode"},
	{brightpearl.Config{}, "Account Datacenter"},
	{brightpearl.CustomerPayment{}, "CurrencyISOCode PaymentType TransactionRef"},
	{brightpearl.CustomerPaymentFilter{}, ""},
	{brightpearl.IDRange{}, ""},
	{brightpearl.IDSet{}, ""},
	{brightpearl.Period{}, ""},
	{brightpearl.Paging{}, ""},
	{brightpearl.PaymentMethod{}, "BankAccounts.BankAccountNominalCode BankAccounts.CurrencyISOCode Code InstalledIntegrationID Name Raw"},
	{brightpearl.BankAccount{}, "BankAccountNominalCode CurrencyISOCode"},
	{brightpearl.RecorderOptions{}, "PaymentMethodCode"},
	{brightpearl.FoundPayment{}, "CurrencyCode PaymentType TransactionRef"},
	{brightpearl.SalePaymentTotal{}, "PaymentCurrency"},
	{brightpearl.MissingTotalsError{}, ""},
	{brightpearl.SupplierPayment{}, "CurrencyISOCode PaymentType TransactionRef"},
	{brightpearl.SupplierPaymentFilter{}, ""},
	{brightpearl.OAuthConfig{}, "AppRef"},
	{brightpearl.Token{}, "APIDomain"},
	{rubi.BasketItem{}, "Item"},
	{rubi.Booking{}, ""},
	{rubi.BookedPlaces{}, ""},
	{rubi.BookingPlace{}, "BookingGUID BookingStatus"},
	{rubi.Subscription{}, "Action"},
	{rubi.BookingUpdate{}, "UpdateType"},
	{rubi.EventAttendee{}, "BookingStatus"},
	{rubi.CheckoutRequest{}, "Item Payment.PaymentType"},
	{rubi.Checkout{}, "PaymentType TransactionID"},
	{rubi.UserPayment{}, "PaymentType"},
	{rubi.ListValue{}, "ListValue"},
	{rubi.RecorderOptions{}, "Item Payment.PaymentType"},
	{rubi.EmailList{}, ""},
	{rubi.Config{}, "Tenant"},
	{rubi.StripePayment{}, "ID Status"},
	{rubi.StripeResult{}, ""},
	{rubi.ChargedError{}, "StripeID TransactionID"},
	{rubi.Submission{}, "Items.TransactionID"},
	{rubi.PaymentItem{}, "TransactionID TransactionType"},
	{backendpay.Config{}, "Tenant"},
	{backendpay.Client{}, ""},
	{backendpay.Change{}, "Payment.ID Payment.OurReference"},
	{backendpay.NewPayment{}, "OurReference"},
	{backendpay.Customer{}, "ID"},
	{backendpay.CustomerFilter{}, ""},
	{backendpay.PaymentFilter{}, ""},
	{backendpay.Payment{}, "ID OurReference"},
	{backendpay.PaymentPart{}, "ID"},
	{backendpay.PaymentPartFilter{}, ""},
	{backendpay.PaymentType{}, "Availability DisplayOnInvoice ID PaymentTypeCode PaymentTypeDisplayClass PaymentTypeDisplayName PaymentTypeDisplayPosition PaymentTypeName PaymentTypeShortName PaymentTypeUseFor PaymentTypeUseForPaymentCardProviders"},
	{backendpay.PaymentTypeFields{}, "Extra"},
	{backendpay.RecorderOptions{}, "Currency Method"},
	{backendpay.RecordOptions{}, "Currency Customers"},
	{backendpay.PaymentUpdate{}, ""},
	{payment.Account{}, "Host Tenant Vendor"},
	{payment.Key{}, "Account.Host Account.Tenant Account.Vendor Op Reference"},
	{payment.Attempt{}, ""},
	{payment.Date{}, ""},
	{payment.Decision{}, "By ID Note"},
	{payment.Error{}, "Code Message Method Op Path Reference RequestID Vendor"},
	{payment.FieldError{}, "Field Reason"},
	{payment.Money{}, ""},
	{payment.Event{}, "Key.Account.Host Key.Account.Tenant Key.Account.Vendor Key.Op Key.Reference Status Step"},
	{payment.Payment{}, "Kind Reference"},
	{payment.Attribute{}, "Name"},
	{payment.Stored{}, "Attributes.Name Attributes.Value Kind Link Method Reference Reverses Target"},
	{payment.Receipt{}, "Differs ID Reference Vendor"},
	{payment.Entry{}, "Key.Account.Host Key.Account.Tenant Key.Account.Vendor Key.Op Key.Reference Progress.Status"},
	{payment.Progress{}, "Checkpoint Decision.By Decision.ID Decision.Note Fields Reason Receipts.Differs Receipts.ID Receipts.Reference Receipts.Vendor Status"},
	{payment.EntryError{}, "Key.Account.Host Key.Account.Tenant Key.Account.Vendor Key.Op Key.Reference Reason"},
	{payment.HeldError{}, "Key.Account.Host Key.Account.Tenant Key.Account.Vendor Key.Op Key.Reference"},
	{payment.UnresolvedError{}, "Payment.Reference Receipt.ID Receipt.Vendor"},
	{payment.ConflictError{}, "Fields Got.ID Got.Vendor Want.Reference"},
	{reconcile.Columns{}, "Amount Currency Date ID Kind Method Reference Reverses Target"},
	{reconcile.CSVOptions{}, "Account.Host Account.Tenant Account.Vendor Columns.Amount Columns.Currency Columns.Date Columns.ID Columns.Kind Columns.Method Columns.Reference Columns.Reverses Columns.Target Currency DateLayout Kinds Name"},
	{reconcile.Finding{}, "Differences.Field Differences.Left Differences.Right Left.Kind Left.Reference Right.Kind Verdict"},
	{reconcile.Difference{}, "Field Left Right"},
	{reconcile.Record{}, "Kind Reference"},
	{reconcile.Rules{}, "Compare WithoutReference"},
	{reconcile.Group{}, "Currency Method"},
	{reconcile.Sum{}, ""},
	{reconcile.Total{}, "ByVerdict Group.Currency Group.Method"},
	{salesdata.Dedupe{}, ""},
	{salesdata.Fault{}, "Path Reason"},
	{salesdata.DecodeError{}, "Fault.Path Fault.Reason"},
	{salesdata.BalanceRules{}, ""},
	{salesdata.PaymentType{}, "Code Name"},
	{salesdata.Account{}, "Description ExternalReferences.Key ExternalReferences.Value"},
	{salesdata.ExternalReference{}, "Key Value"},
	{salesdata.Order{}, "ID Type"},
	{salesdata.Line{}, ""},
	{salesdata.Payment{}, "PaymentGUID"},
	{salesdata.RecordOptions{}, "Account.Host Account.Tenant Account.Vendor Currency Source"},
	{salesdata.Residual{}, "Assumptions Hints"},
	{salesdata.Equation{}, ""},
	{salesdata.Extra{}, ""},
	{salesdata.Member{}, ""},
	{salesdata.Takings{}, ""},
}

// TestWhatShows fills every field of every public type, and prints it.
func TestWhatShows(t *testing.T) {
	t.Parallel()
	for _, c := range shown {
		t.Run(fmt.Sprintf("%T", c.of), func(t *testing.T) {
			t.Parallel()
			f := &filler{}
			v := reflect.New(reflect.TypeOf(c.of))
			f.fill(v.Elem(), "")
			if got := strings.Join(f.found(printed(v)), " "); got != c.fields {
				t.Errorf("shows %q, want %q", got, c.fields)
			}
		})
	}
}

// TestEveryTypeIsJudged finds the types that TestWhatShows has no row for.
func TestEveryTypeIsJudged(t *testing.T) {
	t.Parallel()
	judged := map[string]bool{}
	for _, c := range shown {
		judged[fmt.Sprintf("%T", c.of)] = true
	}
	for dir, name := range map[string]string{
		"spektrix": "spektrix", "brightpearl": "brightpearl", "rubi": "rubi", "backendpay": "backendpay",
		"payment": "payment", "payment/reconcile": "reconcile", "payment/salesdata": "salesdata",
	} {
		for _, of := range typesIn(t, dir) {
			if !judged[name+"."+of] {
				t.Errorf("%s.%s has no row", name, of)
			}
		}
	}
}

// typesIn returns the public types of a directory that hold something.
func typesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal(dir, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			group, _ := decl.(*ast.GenDecl)
			if group == nil || group.Tok != token.TYPE {
				continue
			}
			for _, s := range group.Specs {
				if spec := s.(*ast.TypeSpec); spec.Name.IsExported() && spec.TypeParams == nil && holds(spec.Type) {
					names = append(names, spec.Name.Name)
				}
			}
		}
	}
	return names
}

// holds reports whether a type of that form has exported fields or elements.
func holds(form ast.Expr) bool {
	switch form := form.(type) {
	case *ast.StructType:
		return slices.ContainsFunc(form.Fields.List, func(f *ast.Field) bool {
			return f.Names == nil || slices.ContainsFunc(f.Names, (*ast.Ident).IsExported)
		})
	case *ast.ArrayType, *ast.MapType:
		return true
	}
	return false
}

// filler puts a text of its own into every field that can hold one.
type filler struct{ paths []string }

func (f *filler) next(path string) string {
	f.paths = append(f.paths, strings.TrimPrefix(path, "."))
	return fmt.Sprintf("sentinel%03dx", len(f.paths)-1)
}

func (f *filler) fill(v reflect.Value, path string) {
	if strings.Count(path, ".") > 6 || !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(f.next(path))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), path)
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		f.fill(key, path)
		f.fill(value, path)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(`"` + f.next(path) + `"`))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		f.fill(v.Index(0), path)
	case reflect.Array:
		f.fill(v.Index(0), path)
	}
}

// found returns the paths of the fields whose texts stand in out.
func (f *filler) found(out string) []string {
	set := map[string]bool{}
	for i, path := range f.paths {
		text := fmt.Sprintf("sentinel%03dx", i)
		quoted := []byte(`"` + text + `"`)
		for _, form := range []string{
			text, hex.EncodeToString([]byte(text)), base64.StdEncoding.EncodeToString(quoted), strings.Trim(fmt.Sprint([]byte(text)), "[]"),
		} {
			set[path] = set[path] || strings.Contains(out, form)
		}
	}
	maps.DeleteFunc(set, func(_ string, is bool) bool { return !is })
	return slices.Sorted(maps.Keys(set))
}

// printed prints what v points to in every way, alone and in what may hold it.
func printed(v reflect.Value) string {
	var out bytes.Buffer
	of := v.Type().Elem()
	slice := reflect.Append(reflect.MakeSlice(reflect.SliceOf(of), 0, 1), v.Elem())
	pointers := reflect.Append(reflect.MakeSlice(reflect.SliceOf(v.Type()), 0, 1), v)
	table := reflect.MakeMap(reflect.MapOf(reflect.TypeFor[string](), of))
	table.SetMapIndex(reflect.ValueOf("k"), v.Elem())
	within := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "V", Type: of}, {Name: "P", Type: v.Type()}}))
	within.Elem().Field(0).Set(v.Elem())
	within.Elem().Field(1).Set(v)
	text, next := slog.New(slog.NewTextHandler(&out, nil)), slog.New(slog.NewJSONHandler(&out, nil))
	for _, held := range []any{
		v.Interface(), v.Elem().Interface(), slice.Interface(), pointers.Interface(), table.Interface(), within.Interface(), within.Elem().Interface(),
		map[string]any{"k": []any{v.Interface()}},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb+"\n", held)
		}
		text.Info("m", "v", held)
		next.Info("m", "v", held)
		old, _ := json.Marshal(held) // an error is no output
		v2, _ := jsonv2.Marshal(held)
		out.Write(append(old, v2...))
	}
	return out.String()
}

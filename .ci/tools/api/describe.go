package main

import (
	"cmp"
	"fmt"
	"go/types"
	"strings"
)

// describe returns a line for each exported name of a package, for each field
// that can be seen, and for each method of a type or of a pointer to it.
func describe(pkg *types.Package) []string {
	d := describer{pkg: pkg}
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		if object := scope.Lookup(name); object.Exported() {
			d.object(object)
		}
	}
	return d.lines
}

const module = "github.com/tenderkit/tenderkit"

type describer struct {
	pkg   *types.Package
	lines []string
}

func (d *describer) add(format string, args ...any) {
	path := strings.TrimPrefix(strings.TrimPrefix(d.pkg.Path(), module), "/")
	d.lines = append(d.lines, cmp.Or(path, "tenderkit")+": "+fmt.Sprintf(format, args...))
}

// text writes a type with the names of foreign packages in front.
func (d *describer) text(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == d.pkg {
			return ""
		}
		return p.Name()
	})
}

func (d *describer) object(object types.Object) {
	switch o := object.(type) {
	case *types.Const:
		d.add("const %s %s = %s", o.Name(), d.text(o.Type()), o.Val().ExactString())
	case *types.Var:
		d.add("var %s %s", o.Name(), d.text(o.Type()))
	case *types.Func:
		d.add("func %s%s", o.Name(), d.signature(o))
	case *types.TypeName:
		d.typeName(o)
	}
}

func (d *describer) signature(f *types.Func) string {
	return strings.TrimPrefix(d.text(f.Type()), "func")
}

func (d *describer) typeName(o *types.TypeName) {
	if o.IsAlias() {
		d.add("type %s = %s", o.Name(), d.text(types.Unalias(o.Type())))
		return
	}
	named := o.Type().(*types.Named)
	name := o.Name()
	if parameters := named.TypeParams(); parameters.Len() > 0 {
		name = strings.TrimPrefix(d.text(named), d.pkg.Name()+".")
	}
	switch under := named.Underlying().(type) {
	case *types.Struct:
		d.structType(name, under)
	case *types.Interface:
		d.interfaceType(name, under)
	default:
		d.add("type %s %s", name, d.text(under))
	}
	d.methods(name, named)
}

// structType tells the exported fields. Of those that are not, it tells whether
// there are any: a literal without names and a comparison with == depend on it.
func (d *describer) structType(name string, s *types.Struct) {
	hidden := ""
	for i := range s.NumFields() {
		field := s.Field(i)
		switch {
		case field.Exported() && field.Embedded():
			d.add("field %s embeds %s", name, d.text(field.Type()))
		case field.Exported():
			d.add("field %s.%s %s%s", name, field.Name(), d.text(field.Type()), tag(s.Tag(i)))
		default:
			hidden = ", and more"
		}
	}
	comparable := ""
	if !types.Comparable(s) {
		comparable = ", not comparable"
	}
	d.add("type %s struct%s%s", name, hidden, comparable)
}

func tag(text string) string {
	if text == "" {
		return ""
	}
	return " `" + text + "`"
}

func (d *describer) interfaceType(name string, i *types.Interface) {
	sealed := ""
	for k := range i.NumMethods() {
		m := i.Method(k)
		if m.Exported() {
			d.add("method %s.%s%s", name, m.Name(), d.signature(m))
		} else {
			sealed = ", only of this package"
		}
	}
	d.add("type %s interface%s", name, sealed)
}

// methods tells those that are promoted from embedded fields too.
func (d *describer) methods(name string, named *types.Named) {
	if types.IsInterface(named) {
		return
	}
	value := types.NewMethodSet(named)
	pointer := types.NewMethodSet(types.NewPointer(named))
	for i := range pointer.Len() {
		m := pointer.At(i).Obj().(*types.Func)
		if !m.Exported() {
			continue
		}
		receiver := name
		if value.Lookup(m.Pkg(), m.Name()) == nil {
			receiver = "*" + name
		}
		d.add("method (%s) %s%s", receiver, m.Name(), d.signature(m))
	}
}

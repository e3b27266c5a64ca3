package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bulwark-authz/bulwark/plugin/input"
)

// source is the parsed package.
type source struct {
	types map[string]*ast.TypeSpec
	docs  map[string]string
	uses  map[string][]string // structs, by the struct that has fields of them
}

func readSource(dir string) (source, error) {
	s := source{types: map[string]*ast.TypeSpec{}, docs: map[string]string{}, uses: map[string][]string{}}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		return s, fmt.Errorf("reading the input document: no Go files in %s", dir)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return s, fmt.Errorf("reading the input document: %w", err)
		}
		for _, decl := range file.Decls {
			if general, ok := decl.(*ast.GenDecl); ok {
				s.add(general)
			}
		}
	}
	return s, nil
}

func (s source) add(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		if spec, ok := spec.(*ast.TypeSpec); ok {
			s.types[spec.Name.Name] = spec
			s.docs[spec.Name.Name] = prose(decl.Doc)
		}
	}
}

// describe lists the fields of a struct.
func (s source) describe(name string) inputType {
	t := inputType{Name: name, Doc: s.docs[name]}
	keys := map[string]string{}
	for _, field := range s.types[name].Type.(*ast.StructType).Fields.List {
		if field.Tag == nil {
			continue
		}
		tag, _ := strconv.Unquote(field.Tag.Value) // the compiler has read it
		key, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
		if key == "-" || key == "" {
			continue
		}
		keys[field.Names[0].Name] = key
		before := len(s.uses[name])
		described := inputField{Name: key, Type: cmp.Or(wordsOf(name, key), s.typeName(name, field.Type)), Doc: prose(field.Doc) + prose(field.Comment)}
		if used := s.uses[name][before:]; described.Doc == "" && len(used) == 1 && !slices.Contains(common, used[0]) {
			described.Doc = s.docs[used[0]]
		}
		t.Fields = append(t.Fields, described)
	}
	for i := range t.Fields {
		t.Fields[i].Doc = underKeys(t.Fields[i].Doc, keys)
	}
	return t
}

// common types say nothing about a field.
var common = []string{"Text", "Flag", "Option"}

var word = regexp.MustCompile(`\b[A-Z][A-Za-z]+\b`)

// underKeys calls fields by their keys instead of their names in Go.
func underKeys(doc string, keys map[string]string) string {
	return word.ReplaceAllStringFunc(doc, func(name string) string {
		if key := keys[name]; key != "" {
			return "`" + key + "`"
		}
		return name
	})
}

// typeName is a type in words; structs are linked, and remembered as used.
func (s source) typeName(in string, expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.StarExpr:
		return s.typeName(in, expr.X) + " or null"
	case *ast.ArrayType:
		return "list of " + s.typeName(in, expr.Elt)
	case *ast.MapType:
		return "object of " + s.typeName(in, expr.Value) + " by name"
	case *ast.Ident:
		return s.named(in, expr.Name)
	}
	return "anything"
}

func (s source) named(in, name string) string {
	plain := map[string]string{"string": "text", "bool": "true or false", "int": "number", "int64": "number", "any": "anything"}[name]
	spec := s.types[name]
	switch {
	case plain != "":
		return plain
	case spec == nil:
		return name
	}
	if _, isStruct := spec.Type.(*ast.StructType); isStruct {
		s.uses[in] = append(s.uses[in], name)
		return fmt.Sprintf("[%s](#%s)", name, strings.ToLower(name))
	}
	return "text"
}

// wordsOf are the texts that a field can be, "" when there are others or too
// many to read.
func wordsOf(in, key string) string {
	const readable = 20
	words := slices.Clone(input.Words()[in+"."+key])
	if len(words) > readable {
		return ""
	}
	for i, word := range words {
		words[i] = "`" + cmp.Or(word, `""`) + "`"
	}
	return strings.Join(words, ", ")
}

func prose(comment *ast.CommentGroup) string {
	return strings.Join(strings.Fields(comment.Text()), " ")
}

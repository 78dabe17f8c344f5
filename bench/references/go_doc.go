// Prints what go/doc says of every package below a folder, one JSON object a line.
package main

import (
	"encoding/json"
	"go/ast"
	"go/build"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

type row struct {
	Path      string `json:"path"`
	Name      string `json:"name"`
	Member    bool   `json:"member"`
	Public    bool   `json:"public"`
	Doc       string `json:"doc"`
	Signature string `json:"signature"`
}

var (
	files = token.NewFileSet()
	out   = json.NewEncoder(os.Stdout)
	top   string
)

func main() {
	top, _ = filepath.Abs(os.Args[1])
	filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		// Files that another operating system or build tag compiles declare the same names once more.
		built := func(file fs.FileInfo) bool {
			matches, _ := build.Default.MatchFile(path, file.Name())
			return matches
		}
		packages, _ := parser.ParseDir(files, path, built, parser.ParseComments)
		for name, one := range packages {
			if !strings.HasSuffix(name, "_test") {
				read(one)
			}
		}
		return nil
	})
}

func read(one *ast.Package) {
	for name := range one.Files {
		if strings.HasSuffix(name, "_test.go") {
			delete(one.Files, name)
		}
	}
	if len(one.Files) == 0 {
		return
	}
	documented := doc.New(one, "./", doc.AllDecls|doc.PreserveAST)
	values(documented.Consts)
	values(documented.Vars)
	functions(documented.Funcs, "")
	for _, typed := range documented.Types {
		values(typed.Consts)
		values(typed.Vars)
		functions(typed.Funcs, "")
		functions(typed.Methods, typed.Name)
		for _, spec := range typed.Decl.Specs {
			if named, ok := spec.(*ast.TypeSpec); ok {
				tell(named.Pos(), row{Name: typed.Name, Doc: typed.Doc})
				members(named.Type, typed.Name)
			}
		}
	}
}

func tell(at token.Pos, one row) {
	one.Path, _ = filepath.Rel(top, files.Position(at).Filename)
	one.Public = true
	for _, part := range strings.Split(one.Name, ".") {
		one.Public = one.Public && ast.IsExported(part)
	}
	out.Encode(one)
}

func values(all []*doc.Value) {
	for _, value := range all {
		for _, spec := range value.Decl.Specs {
			named := spec.(*ast.ValueSpec)
			for _, name := range named.Names {
				text := named.Doc.Text()
				if text == "" {
					text = named.Comment.Text()
				}
				if text == "" && len(value.Decl.Specs) == 1 {
					text = value.Doc
				}
				if name.Name != "_" {
					tell(name.Pos(), row{Name: name.Name, Doc: text})
				}
			}
		}
	}
}

func functions(all []*doc.Func, owner string) {
	for _, one := range all {
		name := one.Name
		if owner != "" {
			name = owner + "." + name
		}
		head := *one.Decl
		head.Body, head.Doc = nil, nil
		tell(one.Decl.Pos(), row{Name: name, Doc: one.Doc, Signature: printed(&head)})
	}
}

func members(of ast.Expr, owner string) {
	var fields *ast.FieldList
	switch typed := of.(type) {
	case *ast.StructType:
		fields = typed.Fields
	case *ast.InterfaceType:
		fields = typed.Methods
	}
	if fields == nil {
		return
	}
	for _, field := range fields.List {
		text := field.Doc.Text()
		if text == "" {
			text = field.Comment.Text()
		}
		for _, name := range field.Names {
			one := row{Name: owner + "." + name.Name, Member: true, Doc: text}
			if _, method := field.Type.(*ast.FuncType); method {
				if _, inside := of.(*ast.InterfaceType); inside {
					one.Member = false
					one.Signature = name.Name + strings.TrimPrefix(printed(field.Type), "func")
				}
			}
			tell(name.Pos(), one)
		}
		if len(field.Names) == 0 {
			if name := embedded(field.Type); name != "" {
				tell(field.Pos(), row{Name: owner + "." + name, Member: true, Doc: text})
			}
		}
	}
}

func embedded(of ast.Expr) string {
	switch typed := of.(type) {
	case *ast.Ident:
		return typed.Name
	case *ast.StarExpr:
		return embedded(typed.X)
	case *ast.SelectorExpr:
		return typed.Sel.Name
	case *ast.IndexExpr:
		return embedded(typed.X)
	case *ast.IndexListExpr:
		return embedded(typed.X)
	}
	return ""
}

func printed(node any) string {
	var text strings.Builder
	printer.Fprint(&text, files, node)
	return text.String()
}

package db

import (
	"context"
	"fmt"
	"strconv"
)

// ImportConnection is a page of imports.
type ImportConnection = Connection[Import]

// ImportEdge is an import of a page and its cursor.
type ImportEdge = Edge[Import]

// ImportRejectConnection is a page of the rejects of an import.
type ImportRejectConnection = Connection[ImportReject]

// ImportRejectEdge is a reject of a page and its cursor.
type ImportRejectEdge = Edge[ImportReject]

// Document returns the name of the file; nil for a document without one.
func (i *Import) Document() *string { return nonEmpty(i.File) }

// Client returns the id of the API client; nil for the command line, and without authentication.
func (i *Import) Client() *string { return nonEmpty(i.ClientID) }

// RecordsRevision returns the revision of the records after the last batch; nil if there was none.
func (i *Import) RecordsRevision() *int64 {
	if i.Revision == 0 {
		return nil
	}
	return &i.Revision
}

func nonEmpty(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

var importList = decisionList[Import]{
	field: "imports", table: "imports", columns: importColumns, descending: true,
	key:    []column{{name: "id", kind: longColumn}},
	cursor: func(i *Import) []*string { return []*string{new(i.Name())} },
}

// Imports lists all imports, the latest first, forwards only. It returns a Forbidden error to a reader that is not
// staff, and BadCursor errors.
func (r *Reader) Imports(ctx context.Context, page Page) (*ImportConnection, error) {
	return importList.page(ctx, r, page)
}

// ImportsByKey returns imports, in any order. The ID of each key is that of an import. It returns a Forbidden error to a
// reader that is not staff.
func (r *Reader) ImportsByKey(ctx context.Context, keys []Key) ([]*Import, error) {
	if !r.scope.Staff() {
		return nil, Errorf(Forbidden, "importedBy: requires a staff client")
	}
	c := r.compiler()
	ids := make([]any, len(keys))
	for i, key := range keys {
		ids[i] = key.ID
	}
	var found []*Import
	if err := (unscoped{r}).SelectContext(ctx, &found, "SELECT "+importColumns+" FROM imports WHERE id"+c.dialect.in(c, "bigint", ids), c.args...); err != nil {
		return nil, fmt.Errorf("read imports: %w", err)
	}
	return found, nil
}

// rejectOrder is the order of the rejects of an import.
var rejectOrder = []sortKey{{column: column{name: "position", kind: longColumn}}}

// ImportRejects returns a page of the stored rejects of each import, in the order of the document, forwards only. The ID
// of each key is that of an import. It returns a Forbidden error to a reader that is not staff, and BadCursor errors.
func (r *Reader) ImportRejects(ctx context.Context, imports []Key, page Page) ([]*ImportRejectConnection, error) {
	if !r.scope.Staff() {
		return nil, Errorf(Forbidden, "rejects: requires a staff client")
	}
	sign, after := signature("import_rejects", rejectOrder), int64(-1)
	if page.After != "" {
		values, err := decodeCursor("after", page.After, sign, sortColumns(rejectOrder))
		if err != nil {
			return nil, err
		}
		after = values[0].(int64)
	}
	pages, byID := make([]*ImportRejectConnection, len(imports)), map[int64]*ImportRejectConnection{}
	for i, key := range imports {
		pages[i] = &ImportRejectConnection{HasPreviousPage: page.After != ""}
		pages[i].counter = &counter{count: func(ctx context.Context, most int64) ([]int64, error) { return r.countRejects(ctx, key.ID, most) }}
		pages[i].listing = &listing[ImportReject]{func(x *ImportReject) string { return encodeCursor(sign, []*string{new(strconv.Itoa(int(x.Position)))}) }}
		byID[key.ID] = pages[i]
	}
	if page.CountOnly {
		return pages, nil
	}
	c := r.compiler()
	ids := make([]any, len(imports))
	for i, key := range imports {
		ids[i] = key.ID
	}
	var rows []*ImportReject
	err := unscoped{r}.SelectContext(ctx, &rows, fmt.Sprintf("SELECT %s FROM import_rejects WHERE import_id%s AND position > %s AND position <= %s ORDER BY import_id, position",
		rejectColumns, c.dialect.in(c, "bigint", ids), c.bind(after), c.bind(after+int64(page.Limit)+1)), c.args...)
	if err != nil {
		return nil, fmt.Errorf("list rejects: %w", err)
	}
	for _, row := range rows {
		if list := byID[row.ImportID]; int64(row.Position) > after+int64(page.Limit) {
			list.HasNextPage = true
		} else {
			list.Nodes = append(list.Nodes, row)
		}
	}
	return pages, nil
}

func (r *Reader) countRejects(ctx context.Context, importID, most int64) ([]int64, error) {
	lengths, err := unscoped{r}.count(ctx, fmt.Sprintf("(SELECT 1 FROM import_rejects WHERE import_id = %d)", importID), most)
	if err != nil {
		return nil, fmt.Errorf("count rejects: %w", err)
	}
	return lengths, nil
}

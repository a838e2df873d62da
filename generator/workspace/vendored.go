package workspace

import (
	"os"
	"path/filepath"
	"slices"

	"cutover/generator/fetch"
	"cutover/generator/finding"
	"cutover/generator/release"
)

// Vendored holds vendor/ in a generated tree against its lock and the migration, and finds
// nothing where there is no such folder. A tree keeps the inventory and the operator's chart
// itself, so that those need not be in vendor/; where they are, they are checked too.
func Vendored(dir string) (finding.List, error) {
	if !exists(filepath.Join(dir, fetch.Folder)) {
		return nil, nil
	}
	_, m, err := Migration(dir)
	if err != nil {
		return nil, err
	}
	fsys := os.DirFS(dir)
	lock, err := fetch.ReadLock(fsys)
	if err != nil {
		return nil, err
	}
	held := func(name string) bool {
		own, kept := map[string]string{"source.inventory": InventoryFile, "target.operatorChart": "charts/" + release.StrimziChart}[name]
		return kept && exists(filepath.Join(dir, filepath.FromSlash(own))) && !exists(filepath.Join(dir, fetch.Folder, name))
	}
	requests := slices.DeleteFunc(Requests(m), func(r fetch.Request) bool { return held(r.Name) })
	lock.Locations = slices.DeleteFunc(lock.Locations, func(l fetch.Locked) bool { return held(l.Name) })
	return fetch.Verify(fsys, lock, requests), nil
}

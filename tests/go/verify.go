// tests/go/verify.go - checkpoints, inclusion and consistency proofs of ours, held
// against golang.org/x/mod/sumdb/note and sumdb/tlog (Debian: golang-golang-x-mod-dev).
//
// Reads a JSON object a line (tests/flow/tlog_make.c, tests/flow/go_tlog.py). With
// "tree" the leaves are made here and every hash is compared; with "leaf" (base64) only
// what the proof says is checked. Each proof is then altered and must be refused.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type line struct {
	Tree        *int64
	Leaf        []byte
	Size        int64
	Index       int64
	Old         int64
	Inclusion   [][]byte
	Consistency [][]byte
	Vkey        string
	Note        string
}

func must(err error, at int, what string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "line %d: %s: %v\n", at, what, err)
		os.Exit(4)
	}
}

func demand(good bool, at int, what string) {
	if !good {
		must(fmt.Errorf("does not hold"), at, what)
	}
}

type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = h[x]
	}
	return out, nil
}

// The tree once more, from nothing but its number.
func grow(tree, size int64) hashes {
	var stored hashes
	for i := int64(0); i < size; i++ {
		entry := fmt.Sprintf("tree %d leaf %d", tree, i)
		more, err := tlog.StoredHashes(i, []byte(entry), stored)
		must(err, int(tree), "growing")
		stored = append(stored, more...)
	}
	return stored
}

func convert(from [][]byte, at int) []tlog.Hash {
	to := make([]tlog.Hash, len(from))
	for i, b := range from {
		demand(len(b) == tlog.HashSize, at, "a hash")
		copy(to[i][:], b)
	}
	return to
}

func same(a, b []tlog.Hash) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// The three lines of a checkpoint under a signature that holds.
func checkpoint(l *line, at int) (int64, tlog.Hash) {
	var root tlog.Hash
	verifier, err := note.NewVerifier(l.Vkey)
	must(err, at, "verifier key")
	n, err := note.Open([]byte(l.Note), note.VerifierList(verifier))
	must(err, at, "note")
	demand(len(n.Sigs) == 1 && n.Sigs[0].Name == verifier.Name(), at, "signature")
	lines := strings.Split(n.Text, "\n")
	demand(len(lines) == 4 && lines[0] == verifier.Name() && lines[3] == "", at, "three lines")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err, at, "size")
	raw, err := base64.StdEncoding.DecodeString(lines[2])
	must(err, at, "root")
	demand(len(raw) == tlog.HashSize, at, "root")
	copy(root[:], raw)
	altered := strings.Replace(l.Note, "\n"+lines[1]+"\n", "\n"+strconv.FormatInt(size+1, 10)+"\n", 1)
	_, err = note.Open([]byte(altered), note.VerifierList(verifier))
	demand(err != nil, at, "an altered note is refused")
	return size, root
}

// What of each kind was checked, and how many alterations were refused.
var roots, inclusions, consistencies, refused int

func checkInclusion(l *line, size int64, root, leaf tlog.Hash, at int) {
	path := tlog.RecordProof(convert(l.Inclusion, at))
	must(tlog.CheckRecord(path, size, root, l.Index, leaf), at, "inclusion")
	inclusions++
	for i := range path {
		path[i][(i*7+at)%tlog.HashSize] ^= 1
		demand(tlog.CheckRecord(path, size, root, l.Index, leaf) != nil, at, "altered inclusion")
		path[i][(i*7+at)%tlog.HashSize] ^= 1
		refused++
	}
	leaf[at%tlog.HashSize] ^= 1
	demand(tlog.CheckRecord(path, size, root, l.Index, leaf) != nil, at, "altered leaf")
	refused++
}

func checkConsistency(l *line, stored hashes, root tlog.Hash, at int) {
	ours := tlog.TreeProof(convert(l.Consistency, at))
	if l.Old == 0 { // nothing is to be shown: tlog has no proof of it
		demand(len(ours) == 0, at, "consistency with nothing")
		return
	}
	theirs, err := tlog.ProveTree(l.Size, l.Old, stored)
	must(err, at, "consistency made")
	demand(same(ours, theirs), at, "consistency is the same")
	old, err := tlog.TreeHash(l.Old, stored)
	must(err, at, "old root")
	must(tlog.CheckTree(ours, l.Size, root, l.Old, old), at, "consistency")
	consistencies++
	for i := range ours {
		ours[i][(i*5+at)%tlog.HashSize] ^= 1
		demand(tlog.CheckTree(ours, l.Size, root, l.Old, old) != nil, at, "altered consistency")
		ours[i][(i*5+at)%tlog.HashSize] ^= 1
		refused++
	}
	old[at%tlog.HashSize] ^= 1
	demand(tlog.CheckTree(ours, l.Size, root, l.Old, old) != nil, at, "altered old root")
	refused++
}

func check(l *line, at int) {
	size, root := checkpoint(l, at)
	if l.Tree == nil {
		checkInclusion(l, size, root, tlog.RecordHash(l.Leaf), at)
		return
	}
	demand(size == l.Size, at, "size")
	stored := grow(*l.Tree, l.Size)
	theirs, err := tlog.TreeHash(l.Size, stored)
	must(err, at, "root made")
	demand(theirs == root, at, "root is the same")
	roots++
	path, err := tlog.ProveRecord(l.Size, l.Index, stored)
	must(err, at, "inclusion made")
	demand(same(path, convert(l.Inclusion, at)), at, "inclusion is the same")
	entry := fmt.Sprintf("tree %d leaf %d", *l.Tree, l.Index)
	leaf := sha256.Sum256(append([]byte{0}, entry...))
	checkInclusion(l, size, root, leaf, at)
	checkConsistency(l, stored, root, at)
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	at := 0
	for {
		text, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(text)) > 0 {
			var l line
			at++
			must(json.Unmarshal(text, &l), at, "JSON")
			check(&l, at)
		}
		if err != nil {
			break
		}
	}
	fmt.Printf("lines %d\nroots %d\ninclusions %d\nconsistencies %d\nrefused %d\n",
		at, roots, inclusions, consistencies, refused)
}

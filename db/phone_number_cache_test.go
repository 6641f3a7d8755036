package db_test

import (
	"fmt"
	"sync"
	"testing"

	"usagegraph/db"
)

func TestNameReaderReadsAsReadName(t *testing.T) {
	r := db.NewNameReader(db.DXP, "JM")
	for range 2 { // the second round reads the cache
		for _, text := range []string{"6585550001", "+442079460124", "8201", "n/a", "S-1001", "8931087112345678901"} {
			want, wantWord := db.ReadName(db.DXP, text, "JM")
			if got, word := r.Read(text); got != want || word != wantWord {
				t.Errorf("%s: got %q, %d, want %q, %d", text, got, word, want, wantWord)
			}
			want, wantWord = db.ReadMSISDN(db.DXP, text, "JM")
			if got, word := r.ReadMSISDN(text); got != want || word != wantWord {
				t.Errorf("MSISDN %s: got %q, %d, want %q, %d", text, got, word, want, wantWord)
			}
		}
	}
}

func TestNameReaderIsSafeForConcurrentUse(t *testing.T) {
	r := db.NewNameReader(db.Elevate, "GB")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i := range 1000 {
				text := fmt.Sprintf("+44207946%04d", i)
				if got, word := r.Read(text); string(got) != text || word != db.NumberForm {
					t.Errorf("%s: got %q, %d", text, got, word)
				}
			}
		})
	}
	group.Wait()
}

func BenchmarkReadName(b *testing.B) {
	for _, text := range []string{"+442079460124", "02079460124", "8201", "S-1001"} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				db.ReadName(db.Elevate, text, "GB")
			}
		})
	}
	b.Run("cached", func(b *testing.B) {
		r := db.NewNameReader(db.Elevate, "GB")
		for b.Loop() {
			r.Read("02079460124")
		}
	})
}

package db_test

import (
	"strings"
	"testing"

	"usagegraph/db"
)

func TestReadName(t *testing.T) {
	const card = "8931087112345678901"
	tests := []struct {
		name, text, region string
		want               db.SubscriptionName
		word               db.NameForm
	}{
		{"E.164", "+442079460124", "", "+442079460124", db.NumberForm},
		{"the trunk prefix in brackets", "+44 (0)20 7946 0124", "GB", "+442079460124", db.NumberForm},
		{"the trunk prefix in brackets without a region", "+44(0)20 7946 0124", "", "+442079460124", db.NumberForm},
		{"the trunk prefix in brackets where the country has none", "+1 (0)787 555 0001", "", "+17875550001", db.NumberForm},
		{"an Italian number keeps its zero", "+39 (0)6 698 12345", "", "+390669812345", db.NumberForm},
		{"a tel URI", "tel:+442079460124", "GB", "+442079460124", db.NumberForm},
		{"a tel URI in capitals", "TEL: +44-20-7946-0124", "", "+442079460124", db.NumberForm},
		{"no-break spaces", "+44\u00a020\u00a07946\u00a00124", "GB", "+442079460124", db.NumberForm},
		{"thin spaces", "+44\u200920\u202f7946\u20090124", "GB", "+442079460124", db.NumberForm},
		{"the non-breaking hyphen", "+44 20 7946\u20110124", "GB", "+442079460124", db.NumberForm},
		{"dashes and the minus sign", "+44\u201020\u20137946\u2212012\u20154", "GB", "+442079460124", db.NumberForm},
		{"characters without a width", "\ufeff+44\u200b2079460124\u200e", "GB", "+442079460124", db.NumberForm},
		{"wide digits", "＋４４２０７９４６０１２４", "", "+442079460124", db.NumberForm},
		{"Arabic digits", "+٤٤٢٠٧٩٤٦٠١٢٤", "", "+442079460124", db.NumberForm},
		{"the country code in brackets", "(+44) 20.7946/0124", "", "+442079460124", db.NumberForm},
		{"a national number", "02079460124", "GB", "+442079460124", db.NumberForm},
		{"a national number without a region", "02079460124", "", "elevate:02079460124", db.NumberForm},
		{"00 is international", "0044 20 7946 0124", "GB", "+442079460124", db.NumberForm},
		{"00 is international without a region", "0044 20 7946 0124", "", "+442079460124", db.NumberForm},
		{"a Dutch mobile number", "06-12345678", "NL", "+31612345678", db.NumberForm},
		{"digits with the region's country code", "17875550001", "PR", "+17875550001", db.NumberForm},
		{"digits with another country code", "17875550001", "GB", "+17875550001", db.NumberForm},
		{"digits with a country code and no region", "17875550001", "", "+17875550001", db.NumberForm},
		{"a number of Puerto Rico", "7875550001", "PR", "+17875550001", db.NumberForm},
		{"the national reading goes first", "6585550001", "JM", "+16585550001", db.NumberForm},
		{"a number without its area code", "5550001", "PR", "elevate:5550001", db.NumberForm},
		{"an extension", "8201", "GB", "elevate:8201", db.NumberForm},
		{"an extension with a country code", "448201", "PR", "elevate:448201", db.NumberForm},
		{"an extension with a plus", "+448201", "PR", "elevate:+448201", db.NumberForm},
		{"a circuit", "20018", "GB", "elevate:20018", db.NumberForm},
		{"a local number keeps its spelling", " 82 01 ", "GB", "elevate:82 01", db.NumberForm},
		{"too many digits", "123456789012345678901234567890", "GB", "elevate:123456789012345678901234567890", db.NumberForm},
		{"no country code", "+0123456789", "GB", "elevate:+0123456789", db.NumberForm},

		{"a card", card, "NL", "sim:" + card, db.CardForm},
		{"a card in groups", "8931 0871-1234 5678 901", "", "sim:" + card, db.CardForm},
		{"a card of 18 digits", card[:18], "", db.SubscriptionName("sim:" + card[:18]), db.CardForm},
		{"a card of 22 digits", card + "123", "", "sim:" + card + "123", db.CardForm},
		{"a card of 23 digits", card + "1234", "", "elevate:" + card + "1234", db.NumberForm},
		{"a card of 17 digits", card[:17], "", db.SubscriptionName("elevate:" + card[:17]), db.NumberForm},

		{"an own id", "S-1001", "NL", "", db.OtherForm},
		{"a vanity number", "1-800-FLOWERS", "PR", "", db.OtherForm},
		{"a number with an extension", "+442079460124 x12", "GB", "", db.OtherForm},
		{"a number with an extension spelled out", "+442079460124 ext. 12", "GB", "", db.OtherForm},
		{"two pluses", "++442079460124", "GB", "", db.OtherForm},
		{"a plus within", "44+2079460124", "GB", "", db.OtherForm},
		{"a card with a filler", card + "F", "NL", "", db.OtherForm},
		{"a tel URI with parameters", "tel:+442079460124;ext=12", "GB", "", db.OtherForm},
		{"a long word", strings.Repeat("a", 600), "GB", "", db.OtherForm},
		{"another alphabet", "линия", "GB", "", db.OtherForm},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, word := db.ReadName(db.Elevate, tt.text, tt.region); got != tt.want || word != tt.word {
				t.Errorf("%q in %q: got %q, %d, want %q, %d", tt.text, tt.region, got, word, tt.want, tt.word)
			}
		})
	}
}

func TestReadNameOfTextsThatNameNothing(t *testing.T) {
	for _, text := range []string{
		"", " ", "\u00a0", "\u200b", "0", "7", "0000000", "00 00-00", "+0000000", "1111111111", "0000000000000000000", "888888888888888888888",
		"06-****7640", "*100#", "447XXXXXX124", "06 xx xx 76 40", "XXXX", "xx", "0612••••78", "0612…", "0612####", "06-____7640", "#", "*",
		"112", "911", "9-1-1", "999", "000", "118", "-", "--", "n/a", "N/A", "NA", "(n/a)", "none", "NULL", "nil", "Unknown", "\"unknown\"",
		"Anonymous", "private", "WITHHELD", "unavailable", "restricted", "not available", "NOT_AVAILABLE", "Not  Available", "tbd", "?", "???", "<none>", "+",
	} {
		if name, word := db.ReadName(db.STN, text, "NL"); name != "" || word != db.NoForm {
			t.Errorf("%q: got %q, %d", text, name, word)
		}
	}
}

func TestReadMSISDNTriesTheInternationalReadingFirst(t *testing.T) {
	tests := []struct {
		text, region string
		want         db.SubscriptionName
	}{
		{"17875550001", "", "+17875550001"},
		{"+17875550001", "", "+17875550001"},
		{"6585550001", "JM", "+6585550001"},
		{"7875550001", "PR", "+17875550001"},
		{"02079460124", "GB", "+442079460124"},
		{"8201", "PR", "dxp:8201"},
		{"448201", "PR", "dxp:448201"},
		{"5550001", "PR", "dxp:5550001"},
		{"17875550001", "PR", "+17875550001"},
	}
	for _, tt := range tests {
		if got, word := db.ReadMSISDN(db.DXP, tt.text, tt.region); got != tt.want || word != db.NumberForm {
			t.Errorf("%s in %q: got %q, %d, want %q", tt.text, tt.region, got, word, tt.want)
		}
	}
}

func TestReadE164(t *testing.T) {
	for _, text := range []string{"+442079460124", "442079460124", "0044 20 7946 0124", "+44 (0)20 7946 0124", "44 (0)20 7946 0124", "tel:+442079460124"} {
		if got, ok := db.ReadE164(text); !ok || got != "+442079460124" {
			t.Errorf("%s: got %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "8201", "448201", "5550001", "02079460124", "8931087112345678901", "sim:1", "S-1001", "06-****7640", "112"} {
		if got, ok := db.ReadE164(text); ok || got != "" {
			t.Errorf("%s: got %q, %v", text, got, ok)
		}
	}
}

func TestCheckRegion(t *testing.T) {
	for _, region := range []string{"", "GB", "NL", "PR"} {
		if err := db.CheckRegion(region); err != nil {
			t.Error(err)
		}
	}
	for _, region := range []string{"gb", "ZZ", "XX", "GBR", "44"} {
		if err := db.CheckRegion(region); err == nil {
			t.Errorf("%s passed", region)
		}
	}
}

func FuzzReadName(f *testing.F) {
	for _, text := range []string{"+44 (0)20 7946 0124", "tel:+442079460124", "06-****7640", "8931087112345678901", "8201", "S-1001", "n/a", "+(0)(0)", "00"} {
		f.Add(text, "GB")
	}
	f.Fuzz(func(t *testing.T, text, region string) {
		if db.CheckRegion(region) != nil {
			return
		}
		name, word := db.ReadName(db.Elevate, text, region)
		if (name == "") != (word == db.NoForm || word == db.OtherForm) {
			t.Errorf("%q: %q, %d", text, name, word)
		}
		if name != "" && name.Source() == "" && name.Kind() == db.MSISDN {
			if again, ok := db.ReadE164(string(name)); !ok || again != name {
				t.Errorf("%q: %q is read as %q", text, name, again)
			}
		}
	})
}

func TestReadOwnID(t *testing.T) {
	tests := []struct {
		text, ownID string
		name        db.SubscriptionName
	}{
		{"za42YEPvugfnQcbiN", "za42YEPvugfnQcbiN", ""},
		{"S-1001", "S-1001", ""},
		{"10023", "10023", ""},
		{"31612345678", "31612345678", ""},
		{"06-12345678", "06-12345678", ""},
		{"+448201", "+448201", ""},
		{"+31 6 12345678", "", "+31612345678"},
		{"tel:+31612345678", "", "+31612345678"},
		{"8931 0871 1234 5678 901", "", "sim:8931087112345678901"},
		{"n/a", "", ""},
		{"06-****7640", "", ""},
		{"112", "", ""},
		{"0000", "", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		if ownID, name := db.ReadOwnID(tt.text); ownID != tt.ownID || name != tt.name {
			t.Errorf("%s: got %q, %q, want %q, %q", tt.text, ownID, name, tt.ownID, tt.name)
		}
	}
}

package stn

// rateClass is a rate class of the invoice lines.
type rateClass struct {
	zone    demoZone
	service demoService

	lineType, code, description string
	sortOrder, refID            int
	id                          string
}

// demoZone is an index into demoZones. Usage in the zone premium belongs to none of demoZones.
type demoZone int

const (
	home demoZone = iota
	eu
	world
	premium
)

// demoZones are the zones in the keys of a summary.
var demoZones = [...]string{"Home", "Eu", "World"}

// demoService is an index into demoServices.
type demoService int

const (
	voice demoService = iota
	data
	sms
)

// demoServices are the services in the keys of a summary.
var demoServices = [...]string{"Voice", "Data", "Sms"}

var (
	homeData     = &rateClass{home, data, "7", "INT_NAT", "Internet nationaal", 1033, 24, "uhFqV5clK0SASANDV"}
	homeMobile   = &rateClass{home, voice, "7", "N_MOBKPN", "Bellen naar mobiel", 1000, 41, "vM1ytLXW9hov09rZg"}
	homeLandline = &rateClass{home, voice, "7", "N_FIXED", "Bellen naar vaste nummers", 1001, 2, "JO3s5s8n3O0cKM2Li"}
	homeSMS      = &rateClass{home, sms, "7", "SMS_NAT", "Sms nationaal", 1026, 19, "Tq3nYb7ZcWm5RkE0x"}
	euData       = &rateClass{eu, data, "7", "INT_EU", "Internet in de EU", 1034, 32, "p6LhD2vUsA9fGoJ4w"}
	euCalls      = &rateClass{eu, voice, "7", "EU_VOICE", "Bellen in de EU", 1010, 28, "X8rKe1MiQz7tBnC5y"}
	worldData    = &rateClass{world, data, "8", "INT_WORLD", "Internet in de rest van de wereld", 1035, 33, "bKl6QxoKJeMGncDxK"}
	worldCalls   = &rateClass{world, voice, "8", "WORLD_VOICE", "Bellen in de rest van de wereld", 1011, 29, "d0VgSf3HuP6jLaW2m"}
	premiumSMS   = &rateClass{premium, sms, "8", "PRMSMS", "Sms info: zie Payinfo ", 1027, 20, "aPwBpMERBnLsczlh3"}
)

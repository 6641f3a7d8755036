package demo

// Market is the country of a customer.
type Market int

// The markets.
const (
	Netherlands Market = iota
	Britain
	PuertoRico
)

// Market returns the market of a customer.
func (g *Generator) Market(customer int) Market {
	r := g.Random(CustomerTopic, customer)
	return Market(r.Below(len(companies)))
}

// companyNames holds the parts of the company names of a market. All places are invented.
type companyNames struct{ places, trades, forms []string }

var companies = [...]companyNames{
	Netherlands: {
		places: []string{
			"Zilverdijk", "Noorderkroon", "Wilgenbeek", "Duinzicht", "Ravenwaard", "Kleiwold", "Elzenhage", "Grevelduin",
			"Hooimeer", "Lindewetering", "Vosselaer", "Brandkamp", "Torenwijk", "Waterhoek", "Meeuwenrak", "Oosterlaak",
			"Rietvelden", "Slotermaat", "Zwaluwenburg", "Appelgaard", "Veenstee", "Korenhof", "Stormpolder", "Heidemond",
		},
		trades: []string{
			"Installatietechniek", "Logistiek", "Thuiszorg", "Bouwgroep", "Fietsen", "Bloemen", "Tandartsen",
			"Makelaars", "Accountants", "Verhuizingen", "Bakkerijen", "Scheepswerf", "Taxi", "Advocaten", "Hoveniers",
			"Dierenkliniek", "Zonnepanelen", "Koeriers", "Drukkerij",
		},
		forms: []string{" B.V.", " B.V.", " V.O.F.", " Holding B.V."},
	},
	Britain: {
		places: []string{
			"Harrowmere", "Thistlebridge", "Penwick", "Ashcombe Vale", "Larkhollow", "Marlstone", "Fenbury", "Copperdale",
			"Winterhythe", "Oakenshott", "Saltmarsh End", "Brindlecote", "Kestrelford", "Millrace", "Foxgrove", "Hawksworthy",
			"Tarn and Tor", "Wexcombe", "Bramblegate", "Stourleigh", "Quillfield", "Gorsefield", "Emberly", "Dunlinmoor",
		},
		trades: []string{
			"Joinery", "Couriers", "Veterinary Practice", "Scaffolding", "Solicitors", "Coaches", "Dairies", "Roofing",
			"Care Homes", "Electrical", "Brewing", "Plumbing & Heating", "Letting Agents", "Surveyors", "Glazing",
			"Opticians", "Marine Services", "Farm Supplies", "Security",
		},
		forms: []string{" Ltd", " Ltd", " LLP", " & Sons Ltd"},
	},
	PuertoRico: {
		places: []string{
			"Costa Serena", "Palma Alta", "Río Claro Sur", "Isla Coral", "Monte Flamboyán", "Bahía Turquesa", "Loma del Viento",
			"Cayo Lucero", "Yerba Mansa", "Sol y Salitre", "Ceiba Vieja", "Coquí Dorado", "La Garita", "Playa Mora",
			"Valle Tinto", "Punta Reinita", "Caobana", "Brisas del Faro", "El Guayacán", "Mar Adentro", "Tres Palmas",
			"Quebrada Fría", "Santa Brisa", "Hacienda Luz",
		},
		trades: []string{
			"Ferretería", "Panadería", "Servicios Marinos", "Farmacia", "Contratistas", "Auto Parts", "Distribuidores",
			"Clínica Dental", "Transporte", "Agrícola", "Seguros", "Hotel", "Imprenta", "Refrigeración", "Café",
			"Laboratorio", "Floristería", "Energía Solar", "Mudanzas",
		},
		forms: []string{", Inc.", " LLC", " Corp.", ", Inc."},
	},
}

// Name returns the company name of a customer. Consecutive customers of a market have different places.
func (g *Generator) Name(customer int) string {
	r := g.Random(CustomerTopic, customer)
	market := Market(r.Below(len(companies)))
	c := companies[market]
	place := c.places[(customer*7+int(g.Seed%100))%len(c.places)]
	trade, form := Pick(&r, c.trades), Pick(&r, c.forms)
	if market == PuertoRico {
		return trade + " " + place + form
	}
	return place + " " + trade + form
}

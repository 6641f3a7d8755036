package demo

import "strconv"

// market is where a customer is.
type market int

const (
	netherlands market = iota
	britain
	puertoRico
)

func (w *world) market(customer int) market {
	r := w.random(ofCustomer, customer)
	return market(r.below(len(companies)))
}

// elevateCustomer returns the customer's id in elevate.
func elevateCustomer(customer int) int { return 1001 + customer }

// account returns the customer's id in brm: an object's id as brm's REST pages write it, with + for a space and - for /.
func (w *world) account(customer int) string {
	return "0.0.0.1+-account+" + strconv.Itoa(104_211+37*customer)
}

// stnCustomer returns the customer's id in stn.
func (w *world) stnCustomer(customer int) string {
	r := w.random(ofSTNCustomer, customer)
	return r.id()
}

// company is how companies of a market are called: a place, a trade and a form, all invented but the trades.
type company struct{ places, trades, forms []string }

var companies = [...]company{
	netherlands: {
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
	britain: {
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
	puertoRico: {
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

// name returns the customer's name. Neighbours' names differ: they walk through the places.
func (w *world) name(customer int) string {
	r := w.random(ofCustomer, customer)
	market := market(r.below(len(companies)))
	c := companies[market]
	place := c.places[(customer*7+int(w.Seed%100))%len(c.places)]
	trade, form := pick(&r, c.trades), pick(&r, c.forms)
	if market == puertoRico {
		return trade + " " + place + form
	}
	return place + " " + trade + form
}

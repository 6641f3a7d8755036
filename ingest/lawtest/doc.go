// Package lawtest tests the law of identity: the state of a database is a function of the set of documents that were
// imported and of the decisions that people made (links and assignments), never of the order of files, of batches, of
// repetitions or of decisions.
//
// Its tests make sets of documents at random (set, maker) and decisions about them, compute from the text of the law alone
// who each record belongs to (oracle), and compare that with what a database answers after an import in one order and in
// others (plan, answers). They have these flags:
//
//	-law.sets N   how many sets are made for each database
//	-law.seed S   makes one set alone, that of the seed S, as a failure prints it; with -law.sets it is the first of N
//
// A failure prints the seed of its set and the fewest documents and decisions of it that still fail.
package lawtest

package rest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"sync"
)

// executableHash returns a hash of the running executable, because another version may answer the same request
// differently and not every build has a version number. Where the file cannot be read it returns a random text, unique
// to the process.
var executableHash = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return rand.Text()
	}
	file, err := os.Open(path)
	if err != nil {
		return rand.Text()
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return rand.Text()
	}
	return hex.EncodeToString(hash.Sum(nil))
})

# One static binary in an image without a shell, run as an unprivileged user.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /out/usagegraph . && mkdir /out/data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/usagegraph /usr/local/bin/usagegraph
# The folder for an SQLite database: mount a volume here.
COPY --from=build --chown=nonroot:nonroot /out/data /data
WORKDIR /data
ENV ADDR=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["/usr/local/bin/usagegraph", "health"]
ENTRYPOINT ["/usr/local/bin/usagegraph"]

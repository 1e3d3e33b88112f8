# arbot in a small image, not as root. Everything that it keeps lies in /var/lib/arbot:
#
#   docker build -t arbot .
#   docker run -d --name arbot -v arbot:/var/lib/arbot \
#     -e ARBOT_SLACK_BOT_TOKEN -e ARBOT_SLACK_APP_TOKEN arbot

# SQLite is C: the build needs a C compiler, and the same glibc as the final image.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=1 go build -trimpath -ldflags="-s -w" -o /out/arbot ./cmd/arbot \
    && mkdir /out/data

# glibc, CA certificates, time zones and a user; no shell, no packages.
FROM gcr.io/distroless/base-debian12:nonroot
COPY --from=build /out/arbot /usr/bin/arbot
COPY --from=build /src/LICENSE /usr/share/doc/arbot/LICENSE
# A new volume takes its owner from the folder in the image.
COPY --from=build --chown=nonroot:nonroot /out/data /var/lib/arbot
USER nonroot
WORKDIR /var/lib/arbot
VOLUME /var/lib/arbot
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["/usr/bin/arbot", "healthcheck"]
ENTRYPOINT ["/usr/bin/arbot"]
CMD ["serve"]

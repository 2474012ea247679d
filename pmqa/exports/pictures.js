// Pictures in the product's font. A picture made of an SVG sees no font of its page and none of a server but the common
// ones: so the SVG carries the faces that its text needs, and a PNG or PDF is made of that.
// faces: [{script, weight, rule}]; kaleido calls Plotly.toImage when a picture is wanted.
(function (faces) {
    const THAI = /[\u0e01-\u0e5b]/;
    const BOLD = /font-weight:\s*(bold|[6-9]00)/;

    const style = document.createElement("style");
    style.textContent = faces.map((face) => face.rule).join("");
    document.head.append(style);
    // Plotly measures texts in the page: it must not begin before the font is there.
    const loaded = Promise.all(
        faces.map((face) => document.fonts.load(`${face.weight} 12px Sarabun`, face.script === "thai" ? "ก" : "a"))
    );

    function withFont(svg) {
        const needed = faces.filter(
            (face) => (face.script !== "thai" || THAI.test(svg)) && (face.weight < 600 || BOLD.test(svg))
        );
        const rules = needed.map((face) => face.rule).join("");
        return svg.includes("Sarabun") ? svg.replace(">", `><style>${rules}</style>`) : svg;
    }

    async function painted(address, format) {
        const image = new Image();
        image.src = address;
        await image.decode();
        const canvas = document.createElement("canvas");
        canvas.width = image.naturalWidth;
        canvas.height = image.naturalHeight;
        canvas.getContext("2d").drawImage(image, 0, 0);
        return canvas.toDataURL(`image/${format}`);
    }

    const draw = Plotly.toImage;
    Plotly.toImage = async function (figure, options) {
        await loaded;
        const svg = withFont(await draw(figure, { ...options, format: "svg", imageDataOnly: true }));
        if (options.format === "svg" && options.imageDataOnly) return svg;
        const address = `data:image/svg+xml,${encodeURIComponent(svg)}`;
        if (options.format === "svg") return address;
        const picture = await painted(address, options.format);
        return options.imageDataOnly ? picture.slice(picture.indexOf(",") + 1) : picture;
    };
})(FACES);
